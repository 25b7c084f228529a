import { asyncScheduler } from 'rxjs';

type Listener = (...values: readonly unknown[]) => void;

/** The events of a socket, which wait while the client does not read. It hears them later, asynchronously and in order. */
export function createSocketEvents() {
  const listeners: { readonly event: string; readonly listener: Listener }[] = [];
  const waiting: (() => void)[] = [];
  let paused = false;
  const read = () => {
    while (!paused && waiting.length > 0) waiting.shift()?.();
  };
  const arrive = (event: () => void) => {
    if (paused || waiting.length > 0) waiting.push(event);
    else event();
  };
  return {
    arrive,
    isPaused: () => paused,
    /** Fires an event that only `ws` has. */
    emit: (event: string, ...values: readonly unknown[]) =>
      arrive(() => {
        for (const entry of listeners) if (entry.event === event) entry.listener(...values);
      }),
    /** The members of `ws` that concern events. */
    members: {
      on: (event: string, listener: Listener) => void listeners.push({ event, listener }),
      pause: () => {
        paused = true;
      },
      resume: () => {
        paused = false;
        if (waiting.length > 0) asyncScheduler.schedule(read);
      },
    },
  };
}
