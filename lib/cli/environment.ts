import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';

/** A stream that may be a terminal. */
type MaybeTerminal<T> = T & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** The part of the process that the program uses. */
export interface Environment {
  /** The arguments, without the names of Node and of the program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: MaybeTerminal<Readable>;
  readonly stdout: MaybeTerminal<Writable>;
  readonly stderr: MaybeTerminal<Writable>;
  /** Emits the signals that ask the program to end. */
  readonly signal$: Observable<string>;
}
