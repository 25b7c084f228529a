import { closeSync, openSync, writeSync } from 'node:fs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { record } from 'rx-graphql-ws/testing';
import { finalize, ignoreElements, type Observable, tap } from 'rxjs';
import { codeOf } from './key-value.js';
import type { Secrets } from './secrets.js';
import { UsageError } from './usage-error.js';

/**
 * Records a socket in a file, without secrets. It completes with the socket. Lines are written at once, so that the recording of a process
 * that is killed is whole up to that moment.
 *
 * @throws UsageError - the file cannot be written
 */
export function recordTo(
  file: string,
  socket: GraphQLSocket,
  { scrub }: Pick<Secrets, 'scrub'>,
): Observable<never> {
  const descriptor = open(file);
  return record(socket).pipe(
    tap((line) => {
      try {
        writeSync(descriptor, scrub(line));
      } catch (error) {
        throw new Error(`--record: cannot write ${file}: ${codeOf(error)}`);
      }
    }),
    finalize(() => {
      closeSync(descriptor);
    }),
    ignoreElements(),
  );
}

function open(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new UsageError(`--record: cannot write ${file}: ${codeOf(error)}`);
  }
}
