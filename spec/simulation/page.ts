/** What a browser has besides sockets: a page that goes offline, comes back, is shown again. */
export interface Page {
  /** Listeners of whomever. */
  readonly listeners: number;
  fire(event: PageEvent): void;
  /** Makes it the page of this process, or takes it away. */
  install(present: boolean): void;
}

export type PageEvent = 'offline' | 'online' | 'pageshow' | 'visibilitychange';

type Listener = (event: object) => void;
type Globals = Record<'addEventListener' | 'removeEventListener' | 'document', unknown>;

export function createPage(): Page {
  const globals = globalThis as unknown as Partial<Globals>;
  const listeners = new Map<string, Set<Listener>>();
  const of = (event: string) => {
    const those = listeners.get(event) ?? new Set();
    listeners.set(event, those);
    return those;
  };
  const target = {
    addEventListener: (event: string, listener: Listener) => void of(event).add(listener),
    removeEventListener: (event: string, listener: Listener) => void of(event).delete(listener),
  };
  const document = { ...target, visibilityState: 'visible' };
  return {
    get listeners() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0);
    },
    fire(event) {
      for (const listener of [...of(event)]) listener({ type: event });
    },
    install(present) {
      listeners.clear();
      if (present) Object.assign(globals, target, { document });
      else
        for (const name of ['document', ...Object.keys(target)])
          Reflect.deleteProperty(globals, name);
    },
  };
}
