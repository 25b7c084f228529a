import type { Observable } from 'rxjs';
import { defer, filter, fromEvent, merge, NEVER } from 'rxjs';
import { isFunction } from '../validate.js';

/** The page is back: online, visible, or out of the back/forward cache. Never outside a browser. */
export function pageWakes(): Observable<unknown> {
  return defer(() => {
    const { document } = globalThis as { document?: Document };
    return merge(
      events(globalThis, 'online'),
      events(globalThis, 'pageshow'),
      events(document, 'visibilitychange').pipe(
        filter(() => document?.visibilityState === 'visible'),
      ),
    );
  });
}

/** The page has lost its network. The socket may outlive that: in Chromium it does. */
export function pageGoesOffline(): Observable<unknown> {
  return defer(() => events(globalThis, 'offline'));
}

/** Node has no such events, React Native a `window` without them, a worker no document. */
function events(target: unknown, name: string): Observable<unknown> {
  const { addEventListener } = (target ?? {}) as Partial<EventTarget>;
  return isFunction(addEventListener) ? fromEvent(target as EventTarget, name) : NEVER;
}
