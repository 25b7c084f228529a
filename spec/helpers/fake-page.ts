import { afterEach } from 'mocha';

/** What of a browser's globals tells that a page goes and comes. */
export interface FakePage {
  /** Fires an event of the window. */
  fire(type: 'online' | 'offline' | 'pageshow'): void;
  show(visibility: 'visible' | 'hidden'): void;
}

const names = ['addEventListener', 'removeEventListener', 'document'] as const;
/** Puts a page around each test that asks for one, and takes it away again; `document: false` is a worker's. */
export function usePage(): (options?: { document?: boolean }) => FakePage {
  // not enumerable: mocha looks for leaks
  const define = (name: (typeof names)[number], value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true });
  afterEach(() => {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  });
  return ({ document = true } = {}) => {
    const window = new EventTarget();
    const fakeDocument = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    define('addEventListener', window.addEventListener.bind(window));
    define('removeEventListener', window.removeEventListener.bind(window));
    if (document) define('document', fakeDocument);
    return {
      fire: (type) => window.dispatchEvent(new Event(type)),
      show(visibility) {
        fakeDocument.visibilityState = visibility;
        fakeDocument.dispatchEvent(new Event('visibilitychange'));
      },
    };
  };
}
