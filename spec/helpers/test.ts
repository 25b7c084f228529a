import { it } from 'mocha';
import type { Observable } from 'rxjs';
import { config } from 'rxjs';
import type { Recording, VirtualTime } from './virtually.js';
import { virtually } from './virtually.js';

let time: VirtualTime | undefined;

/** A test in virtual time: the functions below belong to it while it runs. */
export function test(title: string, body: () => void): void {
  it(title, () => runVirtually(body));
}

/** Runs in a virtual time of its own: for a property that a test tries often. */
export function runVirtually(body: () => void): void {
  const run = virtually((present) => {
    time = present;
    body();
  });
  try {
    run();
  } finally {
    time = undefined;
  }
}

/** The helpers of rxjs themselves, for functions that take them. */
export function helpers(): VirtualTime {
  if (!time) throw new Error('virtual time is the time of a `test` alone');
  return time;
}

export const now = () => helpers().now();
/** Lets `ms` pass, and runs what is due. */
export const advance = (ms: number) => helpers().advance(ms);
/** How many timers wait, of whomever. */
export const timers = () => helpers().timers();
/** Subscribes, and writes down what comes when. */
export const record = <T>(source$: Observable<T>): Recording<T> => helpers().record(source$);

export const cold: VirtualTime['cold'] = (...given) => helpers().cold(...given);
export const hot: VirtualTime['hot'] = (...given) => helpers().hot(...given);
export const expectObservable: VirtualTime['expectObservable'] = (...given) =>
  helpers().expectObservable(...given);
export const expectSubscriptions: VirtualTime['expectSubscriptions'] = (...given) =>
  helpers().expectSubscriptions(...given);
export const flush = () => helpers().flush();

/** The messages of what rxjs finds unhandled from here on, which does not fail the test. */
export function unhandled(): readonly string[] {
  const messages: string[] = [];
  config.onUnhandledError = (error: Error) => messages.push(error.message);
  return messages;
}
