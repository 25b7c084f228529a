import { type ExecutionResult, type GraphQLSocket, OperationError } from 'rx-graphql-ws';
import type { Payload } from 'rx-graphql-ws';
import { type Gap, recover } from 'rx-graphql-ws/recovery';
import { map, type Observable } from 'rxjs';
import type { Cursor } from './cursor.js';
import type { OperationPlan } from './plan-operation.js';

/** A result: as the server wrote it, as a value, and its cursor. */
export interface Row {
  readonly text: string;
  readonly result: ExecutionResult;
  readonly cursor: unknown;
}

/**
 * The results of an operation, and for a subscription a gap wherever some may be missing.
 *
 * @param start - the cursor behind which the subscription begins; `undefined`: at its beginning
 * @param missed - is told of a gap that has no place in the stream: the subscription was sent again before there was a cursor
 */
export function resultsOf(
  socket: GraphQLSocket,
  { request, isSubscription, cursor }: OperationPlan,
  start: unknown,
  missed: () => void,
): Observable<Row | Gap> {
  if (!isSubscription) return socket.payload$(request).pipe(map(toRow));
  const resuming = cursor && createResuming(cursor, start, missed);
  const rowsOf = (payload$: Observable<Payload>) =>
    resuming ? payload$.pipe(map(toRow), map(resuming.withCursor)) : payload$.pipe(map(toRow));
  return recover<Row, Readonly<Record<string, unknown>>>(
    // whole results, where `recover` expects data
    { subscribe$: (given) => rowsOf(socket.payload$(given as never)) as never },
    request,
    {
      ...(resuming && { resume: resuming.resume }),
      handled: () => (start === undefined ? [] : [toRow({ text: '', decode: () => ({}) })]),
    },
  );
}

function toRow(payload: Payload): Row {
  return { text: payload.text, result: payload.decode(), cursor: undefined };
}

/** Remembers the last cursor, because a result with an empty list has none. */
function createResuming(cursor: Cursor, start: unknown, missed: () => void) {
  let last = start;
  let isResumed = false;
  return {
    resume() {
      isResumed = true;
      if (last === undefined) missed();
      return { [cursor.variable]: last };
    },
    withCursor(row: Row): Row {
      const { data, errors } = row.result;
      // a server may refuse a cursor by a result: then `recover` sends the subscription once more without it
      if (isResumed && errors && data == null) throw new OperationError(errors);
      isResumed = false;
      const found = cursor.of(row.result);
      last = found ?? last;
      return { ...row, cursor: found };
    },
  };
}
