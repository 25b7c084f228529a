import { isGraphQLSocketError, type GraphQLSocket } from 'rx-graphql-ws';
import { asyncScheduler, lastValueFrom, tap, type Observable } from 'rxjs';
import { describeStatus } from './describe-status.js';
import { follow, type Tally } from './follow.js';
import { summarise } from './summarise.js';

/** A stream to be followed. */
export interface Session {
  readonly socket: GraphQLSocket;
  /** Each value says how many results came. */
  readonly results$: Observable<number>;
  /** What a result is. */
  readonly noun: string;
  /** In seconds; for ever if `undefined`. */
  readonly seconds: number | undefined;
  /** Takes the status changes and the summary, a line each. */
  readonly note: (line: string) => void;
}

/**
 * Follows a stream to its end, tells what happens, sums it up, and closes the socket.
 *
 * @param session - the stream
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

/** An error in words: its name and message, where it is one of ours. */
export function describeError(error: unknown): string {
  return isGraphQLSocketError(error) ? `${error.name}: ${error.message}` : String(error);
}
