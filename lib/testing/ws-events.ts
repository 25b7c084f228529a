import { asyncScheduler } from 'rxjs';

type Listener = (...values: readonly unknown[]) => void;

/**
 * What `ws` tells besides, and how it pings.
 *
 * @param ws - whether it does
 */
export function createWsEvents(ws: boolean) {
  const pings: number[] = [];
  const listeners: { readonly event: string; readonly listener: Listener }[] = [];
  const ofWs = {
    on: (event: string, listener: Listener) => void listeners.push({ event, listener }),
    ping: () => void pings.push(asyncScheduler.now()),
  };
  const emit = (event: string, ...values: readonly unknown[]) => {
    if (!ws) throw new Error(`emit(): only ws has an event "${event}": fakeSocket({ ws: true })`);
    for (const entry of listeners) if (entry.event === event) entry.listener(...values);
  };
  return { pings, emit, ...(ws && { ofWs }) };
}
