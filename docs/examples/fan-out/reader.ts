// Reads a subscription into a Redis stream. Many processes may run this; the one that holds the lease reads, the others wait.
import { randomUUID } from 'node:crypto';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import type { Observable } from 'rxjs';
import {
  bufferTime,
  concatMap,
  defer,
  exhaustMap,
  filter,
  first,
  ignoreElements,
  merge,
  retry,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import type { Redis } from './redis.js';
import { run, stream } from './redis.js';

/** A row of the feed. `id` is its cursor: a number that grows. */
export interface Event {
  readonly id: number;
}

const lease = 'events:reader';
const leaseMs = 2_000;

/** Prolongs the lease, if it is ours. */
const prolong = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

/**
 * Appends rows in order. The cursor is the id, and Redis refuses an id that is not newer than the last. So a reader that slept through the end
 * of its lease writes no row twice. It cannot leave one out either, because whatever it has passed was appended, or refused as known.
 */
const append = `
local added = 0
for i = 1, #ARGV, 2 do
  if not redis.pcall('XADD', KEYS[1], ARGV[i] .. '-0', 'row', ARGV[i + 1]).err then added = added + 1 end
end
return added`;

/** Reads while it holds the lease; emits how many rows it has appended. */
export function read(
  socket: GraphQLSocket,
  redis: Redis,
  log: (text: string) => void,
): Observable<number> {
  const me = randomUUID();
  const take = () => redis.sendCommand(['SET', lease, me, 'NX', 'PX', String(leaseMs)]);
  const keep = async () => {
    if ((await run(redis, prolong, [lease], [me, String(leaseMs)])) !== 1)
      throw new Error('the lease is gone');
  };
  const lastRow = async (): Promise<Event[]> => {
    const command = ['XREVRANGE', stream, '+', '-', 'COUNT', '1'];
    const [entry] = (await redis.sendCommand(command)) as [string, string[]][];
    return entry ? [JSON.parse(entry[1][1] ?? '') as Event] : [];
  };
  const write = async (rows: readonly Event[]) => {
    const args = rows.flatMap((row) => [String(row.id), JSON.stringify(row)]);
    return Number(await run(redis, append, [stream], args));
  };
  const rows$ = (handled: readonly Event[]) =>
    recover<{ events: Event[] }, { after?: number }, Event>(
      socket,
      { query: 'subscription ($after: Int) { events(after: $after) { id } }' },
      {
        rows: (data) => data.events,
        resume: (last) => ({ after: last.id }),
        key: (row) => row.id,
        handled: () => handled,
      },
    );
  const reading$ = defer(lastRow).pipe(
    tap(() => {
      log('reading');
    }),
    switchMap(rows$),
    filter((row) => {
      if (isGap(row)) log('rows may be missing here');
      return !isGap(row);
    }),
    bufferTime(10, undefined, 500),
    filter((rows) => rows.length > 0),
    concatMap((rows) => write(rows as Event[])),
  );
  const keeping$ = timer(0, leaseMs / 4).pipe(exhaustMap(keep), ignoreElements());
  return timer(0, leaseMs / 4).pipe(
    exhaustMap(take),
    first((taken) => taken === 'OK'),
    switchMap(() => merge(keeping$, reading$)),
    // asks for the lease again, as everybody does
    retry({
      delay: (error: Error) => {
        log(error.message);
        return timer(100);
      },
    }),
  );
}
