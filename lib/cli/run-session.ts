import { isGraphQLSocketError, type GraphQLSocket } from 'rx-graphql-ws';
import { asyncScheduler, lastValueFrom, tap, type Observable } from 'rxjs';
import { describeStatus } from './describe-status.js';
import { follow, type Tally } from './follow.js';
import { summarise } from './summarise.js';

/** A stream to follow. */
export interface Session {
  readonly socket: GraphQLSocket;
  /** Each value is a number of results. */
  readonly results$: Observable<number>;
  /** The name for one result. */
  readonly noun: string;
  /** Without limit if `undefined`. */
  readonly seconds: number | undefined;
  /** Gets the status changes and the summary, one line each. */
  readonly note: (line: string) => void;
}

/**
 * Follows a stream to its end, notes the status changes and a summary, and closes the socket.
 *
 * @returns the last tally
 */
export async function runSession(session: Session): Promise<Tally> {
  const { socket, results$, noun, seconds, note } = session;
  const began = asyncScheduler.now();
  const status$ = socket.status$.pipe(
    tap((status) => {
      const line = describeStatus(status);
      if (line !== undefined) note(line);
    }),
  );
  const tally = await lastValueFrom(follow(status$, results$, seconds));
  if (tally.end === 'failed') note(describeError(tally.error));
  note(summarise(tally, noun, (asyncScheduler.now() - began) / 1_000));
  socket.close();
  await lastValueFrom(socket.status$);
  return tally;
}

/** Describes an error: by its name and message if it is an error of this package. */
export function describeError(error: unknown): string {
  return isGraphQLSocketError(error) ? `${error.name}: ${error.message}` : String(error);
}
