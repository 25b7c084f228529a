import type { GraphQLSocket, RequestInput, Variables } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import { asyncScheduler, from, map, Observable, throwError } from 'rxjs';
import { checkOptions, failed, unexpected } from './check.js';
import { fill } from './fill.js';
import type { Gap } from './gap.js';
import type { Key, Keyed } from './keyed.js';
import type { Resendable } from './marked-rows.js';
import { markedRows } from './marked-rows.js';
import type { Missing } from './missing.js';
import type { RecoverOptions } from './options.js';
import { checks } from './options.js';

/**
 * A subscription that recovers the rows that it misses while it is not connected. A {@link Gap} stands in the stream for rows that it cannot
 * recover. No row is lost without one, and with a `key` none is emitted twice.
 *
 * @throws ConfigurationError - an option that is unknown or wrong, or `backfill` without `key`.
 *
 * @example
 * ```ts
 * const trades$ = recover(socket, LiveTrades, {
 *   rows: (data) => data.trades,
 *   backfill: ({ last, first }) => last && fetchTrades(last.block, first?.block),
 *   key: (trade) => trade.id,
 * });
 * trades$.subscribe((trade) => (isGap(trade) ? warn(trade) : show(trade)));
 * ```
 */
export function recover<TData = unknown, TVariables = Variables, TRow = TData>(
  socket: Pick<GraphQLSocket, 'subscribe$'>,
  request: RequestInput<TData, TVariables>,
  options: RecoverOptions<TData, TVariables, TRow> = {},
): Observable<TRow | Gap> {
  checkOptions(options, checks);
  const { rows = single, resume, backfill, key, handled, errorPolicy, onServerComplete } = options;
  if (backfill && !key) throw new ConfigurationError('key', '`backfill` needs `key`');
  const passed = { errorPolicy, onServerComplete };
  // a wrong one of these throws now
  void socket.subscribe$(request, passed);
  const keyed = keyedBy(key);
  const ask =
    backfill &&
    ((missing: Missing<TRow>) =>
      from(backfill(missing) ?? throwError((): unknown => undefined)).pipe(
        map((data) => Array.from(rows(data), keyed)),
      ));
  const sent = resendable(request);
  return new Observable((subscriber) => {
    let before: readonly TRow[];
    let known: readonly Keyed<TRow>[];
    try {
      before = [...(handled?.() ?? [])];
      known = key ? before.map(keyed) : [];
    } catch (error) {
      // later, because a bare `retry()` around it would overflow the stack
      return asyncScheduler.schedule(() => subscriber.error(failed('handled', error)));
    }
    const start = before.at(-1);
    const marked$ = markedRows({ socket, request: sent, options: passed, rows, resume, start });
    const row$ = key ? marked$.pipe(fill(ask, keyed, known, options)) : marked$;
    return row$.subscribe(subscriber);
  });
}

/** A text, or what graphql-js has parsed, becomes a request. */
function resendable(request: unknown): Resendable {
  const given = Object(request) as object;
  return given instanceof String || 'kind' in given ? ({ query: request } as Resendable) : given;
}

const kinds = 'string, number or bigint';

const keyedBy =
  <TRow>(key: ((row: TRow) => Key) | undefined) =>
  (row: TRow): Keyed<TRow> => {
    const found: unknown = key?.(row);
    // rows without keys of their own would be taken for one another, and nothing would tell
    if (kinds.includes(typeof found) && !Number.isNaN(found)) return { row, key: found as Key };
    throw unexpected('key', `a function that returns a ${kinds}`, found);
  };

const single = (data: unknown) => [data as never];
