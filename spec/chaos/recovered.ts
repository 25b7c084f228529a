import { map, type Observable, retry, timeout } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { type Gap, recover, type RecoverOptions } from 'rx-graphql-ws/recovery';
import { createGap } from '../../lib/recovery/gap.js';
import { account } from '../recovery/model/account.js';
import { exactly, type Figure } from './figure.js';
import type { ClientLine } from './log-line.js';
import { countConnections } from './seen.js';
import { type ClientConfig, type Recovery, serverAddress } from './programs.js';

export interface Row {
  readonly number: number;
}
export interface Rows {
  readonly rows: readonly Row[];
}
interface Variables {
  readonly client: string;
  readonly after?: number;
}
type Options = RecoverOptions<Rows, Variables, Row>;

const options: Readonly<Record<Recovery, (url: string) => Options>> = {
  marks: () => ({}),
  resume: () => ({ resume: ({ number }) => ({ after: number }) }),
  backfill: (url) => ({
    key: ({ number }) => number,
    backfill: ({ last }) =>
      last &&
      fromFetch<{ readonly data: Rows }>(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: '{ rows }', variables: { after: last.number } }),
        selector: (response) => response.json() as never,
      }).pipe(
        // the network of a storm fails here as well
        timeout(2_000),
        retry({ delay: 500 }),
        map(({ data }) => data),
      ),
  }),
};

/** The rows of a client that recovers what it has missed. */
export function recoveredRows(
  socket: GraphQLSocket,
  { name, port, recovery = 'marks' }: ClientConfig,
): Observable<Row | Gap> {
  const request = { query: 'subscription { rows }', variables: { client: name } };
  const given = options[recovery](`http://${serverAddress}:${port}/graphql`);
  return recover<Rows, Variables, Row>(socket, request, { rows: ({ rows }) => rows, ...given });
}

/** What became of the rows of such a client. */
function recoveredAccount(lines: readonly ClientLine[]) {
  const gap = createGap(undefined, 0);
  const items = lines.flatMap((line): readonly ({ readonly k: number } | Gap)[] => {
    if (line.type === 'value') return [{ k: line.number }];
    return line.type === 'gap' ? [gap] : [];
  });
  return account(items);
}

/** The same in a line. */
export function tellRecovered(name: string, lines: readonly ClientLine[]): string {
  const { rows, lost, gaps } = recoveredAccount(lines);
  return `${name}: ${rows} values on ${countConnections(lines)} connections; ${lost} rows lost, ${gaps} gaps`;
}

/** @param goal - a row that existed when all was well again */
export function recoveredFigures(
  { name, recovery }: ClientConfig,
  lines: readonly ClientLine[],
  goal: number,
): readonly Figure[] {
  const { lost, duplicated, outOfOrder, unmarked, gaps, last } = recoveredAccount(lines);
  const isExact = recovery !== 'marks';
  return [
    exactly(`${name}: duplicated`, duplicated, 0),
    exactly(`${name}: out of order`, outOfOrder, 0),
    exactly(`${name}: lost without a gap`, unmarked, 0),
    ...(isExact ? [exactly(`${name}: lost`, lost, 0), exactly(`${name}: gaps`, gaps, 0)] : []),
    exactly(`${name}: rows behind at the end`, Math.max(0, goal - last), 0),
  ];
}
