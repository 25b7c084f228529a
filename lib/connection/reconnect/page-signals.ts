import type { Observable, Subscription } from 'rxjs';
import { defer, filter, fromEvent, merge, NEVER, switchMap, tap, timer } from 'rxjs';

/**
 * Emits when the page is back: online, visible, or out of the back/forward cache. Never outside a browser. It is the default of `retry.wake`,
 * exported so that a source of your own can be merged with it.
 *
 * @example
 * ```ts
 * graphqlSocket({ url, retry: { wake: merge(pageWakes(), loggedIn$) } });
 * ```
 */
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
  return addEventListener ? fromEvent(target as EventTarget, name) : NEVER;
}

/** ms after which a loss has nothing to do with a wake any more. */
const recentMs = 1_000;

export type RecentWake = ReturnType<typeof createRecentWake>;

/**
 * A page that comes back hears of it a moment before it hears that its socket has died meanwhile. That wake is meant for the
 * wait that follows.
 */
export function createRecentWake(wake: Observable<unknown>) {
  let woken = false;
  const set = (value: boolean) => () => {
    woken = value;
  };
  const wake$ = wake.pipe(
    tap(set(true)),
    switchMap(() => timer(recentMs)),
  );
  return {
    /** Listens, as long as there is or may be a connection. */
    listen(): Subscription {
      woken = false;
      // the wait that follows reports a wake that fails
      return wake$.subscribe({ next: set(false), error: set(false) });
    },
    /** Whether there was a wake just now; it counts once. */
    take(): boolean {
      const taken = woken;
      woken = false;
      return taken;
    },
  };
}
