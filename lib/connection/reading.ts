import type { BehaviorSubject, Observable } from 'rxjs';
import type { Connection, LiveConnection } from './connection.js';
import type { Reading } from './pausing.js';
import { createReading } from './pausing.js';

/** Under it a `connection$` has its {@link Reading}: in whichever build it was made, and in a copy of the socket object, too. */
const key = Symbol.for('rx-graphql-ws.reading');

interface Read extends Observable<unknown> {
  readonly [key]?: Reading;
}

/** Gives a socket's `connection$` its reading, where nobody sees it. */
export function withReading<T>(
  connection$: Observable<T>,
  current$: BehaviorSubject<Connection | undefined>,
): Observable<T> {
  // those of a socket object are ours
  const ours$ = current$ as BehaviorSubject<LiveConnection | undefined>;
  return Object.defineProperty(connection$, key, { value: createReading(ours$) });
}

/** That of a socket object; undefined if it is none of ours. */
export function readingOf(socket: unknown): Reading | undefined {
  const { connection$ } = Object(socket) as { connection$?: Read };
  return connection$?.[key];
}
