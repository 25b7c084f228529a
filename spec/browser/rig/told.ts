import type { Report } from './page/report.js';

/** When it happened to the page last, in ms since the epoch. */
export function lived({ life }: Report, type: string): number {
  const last = life.filter((entry) => entry.type === type).at(-1);
  if (!last) throw new Error(`the page had no ${type}: ${life.map((entry) => entry.type).join()}`);
  return last.at;
}

/** When pings were sent, in a span of time. */
export function pings({ events }: Report, from = 0, till = Infinity): readonly number[] {
  return events
    .filter(
      ({ type, direction, at }) =>
        type === 'ping' && direction === 'sent' && at >= from && at <= till,
    )
    .map(({ at }) => at);
}

/** When the first row after an instant came; Infinity for none. */
export function firstRowAfter({ received }: Report, instant: number): number {
  return received.find((at) => at > instant) ?? Infinity;
}

/** The errors that the status told of, in order. */
export function losses({ states }: Report): readonly string[] {
  return states.flatMap(({ error }) => error ?? []);
}

/** The row that was the newest at an instant. */
export function newestAt({ received, numbers }: Report, instant: number): number {
  return Math.max(...numbers.filter((_number, index) => received[index]! <= instant));
}

/** Of all sockets that there were, in order. */
export function readyStates({ sockets }: Report): readonly number[] {
  return sockets.map(({ readyState }) => readyState);
}
