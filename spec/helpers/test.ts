import { it } from 'mocha';
import type { Observable } from 'rxjs';
import { config } from 'rxjs';
import type { Recording, VirtualTime } from './virtually.js';
import { virtually } from './virtually.js';

let time: VirtualTime | undefined;

/** A test in virtual time: the functions below belong to it while it runs. */
export function test(title: string, body: () => void): void {
  const run = virtually((present) => {
    time = present;
    body();
  });
  it(title, () => {
    try {
      run();
    } finally {
      time = undefined;
    }
  });
}

function present(): VirtualTime {
  if (!time) throw new Error('virtual time is the time of a `test` alone');
  return time;
}

export const now = () => present().now();
/** Lets `ms` pass, and runs what is due. */
export const advance = (ms: number) => present().advance(ms);
/** How many timers wait, of whomever. */
export const timers = () => present().timers();
/** Subscribes, and writes down what comes when. */
export const record = <T>(source$: Observable<T>): Recording<T> => present().record(source$);

export const cold: VirtualTime['cold'] = (...given) => present().cold(...given);
export const hot: VirtualTime['hot'] = (...given) => present().hot(...given);
export const expectObservable: VirtualTime['expectObservable'] = (...given) =>
  present().expectObservable(...given);
export const expectSubscriptions: VirtualTime['expectSubscriptions'] = (...given) =>
  present().expectSubscriptions(...given);
export const flush = () => present().flush();

/** The messages of what rxjs finds unhandled from here on, which does not fail the test. */
export function unhandled(): readonly string[] {
  const messages: string[] = [];
  config.onUnhandledError = (error: Error) => messages.push(error.message);
  return messages;
}
