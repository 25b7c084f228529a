import { map, take, tap, timer, type Observable } from 'rxjs';
import type { ExecutionResult, GraphQLSocket, OperationOptions } from 'rx-graphql-ws';
import type { ConnectionContext, OperationRequest } from 'rx-graphql-ws/testing/server';

export interface Countdown {
  readonly number: number;
}

/** The document that {@link countdown} answers. */
export const countdownFrom = (count: number) =>
  `subscription CountdownSubscription { countdown(count: ${count}) { number } }`;

/** The numbers of a countdown, from `count` down to 0. */
export const numbersFrom = (count: number) =>
  Array.from({ length: count + 1 }, (_, index) => count - index);

/** Subscribes to a countdown. */
export function numbers$(
  socket: GraphQLSocket,
  count: number,
  options: OperationOptions = {},
): Observable<number> {
  return socket
    .subscribe$<Countdown>(countdownFrom(count), options)
    .pipe(map(({ number }) => number));
}

/**
 * A handler that counts down to 0 from the number in the document, the first one at once.
 *
 * @param delay - ms between the numbers
 */
export function countdown(
  delay: number,
): (request: OperationRequest) => Observable<ExecutionResult<Countdown>> {
  return ({ query }) => {
    const count = Number(/count: (\d+)/.exec(query)?.[1]);
    return timer(0, delay).pipe(
      take(count + 1),
      map((index) => ({ data: { number: count - index } })),
    );
  };
}

/** The same, but that the server closes the connection with 1000 instead of sending `last`. */
export function countdownClosingAt(
  last: number,
  delay: number,
): (
  request: OperationRequest,
  context: ConnectionContext,
) => Observable<ExecutionResult<Countdown>> {
  return (request, { peer }) =>
    countdown(delay)(request).pipe(
      tap(({ data }) => {
        if (data?.number === last) peer.close(1000);
      }),
    );
}
