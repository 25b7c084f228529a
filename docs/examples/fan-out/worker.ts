// Counts the rows of the Redis stream. As many processes may run this as there is work.
import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import { catchError, concat, defer, EMPTY, of, repeat, retry, switchMap } from 'rxjs';
import type { Redis } from './redis.js';
import { group, run, stream } from './redis.js';

type Entry = readonly [id: string, fields: readonly string[]];

/** Entries that another worker has not finished for so many ms are taken over. */
const abandonedMs = 3_000;

/**
 * The effect and its acknowledgement, which happen together or not at all. XACK answers 1 once for each entry, so a row that two workers have
 * in hand counts once.
 */
const count = `
local done = 0
for i = 2, #ARGV, 2 do
  if redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 then
    redis.call('HINCRBY', KEYS[2], ARGV[i + 1], 1)
    done = done + 1
  end
end
return done`;

/** Works for ever; emits how many rows it has counted. `keyOf` tells under which key a row is counted. */
export function work(redis: Redis, keyOf: (row: string) => string): Observable<number> {
  const me = randomUUID();
  const create = ['XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM'];
  // it is there already
  const created$ = defer(() => redis.sendCommand(create)).pipe(catchError(() => of('BUSYGROUP')));
  const claim = async () => {
    const command = ['XAUTOCLAIM', stream, group, me, String(abandonedMs), '0', 'COUNT', '200'];
    const [, entries] = (await redis.sendCommand(command)) as [string, Entry[]];
    return entries;
  };
  const take = async () => {
    const from = ['COUNT', '200', 'BLOCK', '500', 'STREAMS', stream, '>'];
    const command = ['XREADGROUP', 'GROUP', group, me, ...from];
    const answer = (await redis.sendCommand(command)) as [string, Entry[]][] | null;
    return answer?.[0]?.[1] ?? [];
  };
  const finish = async (entries: readonly Entry[]) => {
    if (entries.length === 0) return 0;
    const args = entries.flatMap(([id, [, row = '']]) => [id, keyOf(row)]);
    return Number(await run(redis, count, [stream, 'counts'], [group, ...args]));
  };
  const batch$ = defer(async () => {
    const abandoned = await claim();
    return finish(abandoned.length > 0 ? abandoned : await take());
  });
  return concat(created$.pipe(switchMap(() => EMPTY)), batch$.pipe(repeat())).pipe(
    retry({ delay: 500 }),
  );
}
