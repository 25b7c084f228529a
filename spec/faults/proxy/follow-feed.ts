import { expect } from 'chai';
import type { GraphQLSocket, SocketStatus } from 'rx-graphql-ws';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';

interface Row {
  readonly number: number;
}

/** A subscriber of a server's feed, and what it came to. */
export interface Followed {
  /** The numbers of the rows, as they came. */
  readonly rows: readonly number[];
  /** What the stream ended with. */
  readonly error: unknown;
  /** Every status so far, with the `performance.now()` of its coming. */
  readonly statuses: readonly { readonly at: number; readonly status: SocketStatus }[];
  /** Waits until so many more rows have come. */
  more(count: number, ms?: number): Promise<void>;
  /** Waits for the next status with this state from now on, and resolves with the ms that it took. */
  until(state: SocketStatus['state'], ms?: number): Promise<number>;
}

export function followFeed({ subscribe$, status$ }: GraphQLSocket): Followed {
  const rows: number[] = [];
  const statuses: { at: number; status: SocketStatus }[] = [];
  let error: unknown;
  status$.subscribe((status) => statuses.push({ at: performance.now(), status }));
  subscribe$<{ rows: Row[] }>('subscription { rows { number } }').subscribe({
    next: (data) => rows.push(...data.rows.map(({ number }) => number)),
    error: (thrown: unknown) => {
      error = thrown;
    },
  });
  return {
    rows,
    statuses,
    get error() {
      return error;
    },
    async more(count, ms = 2_000) {
      const wanted = rows.length + count;
      await eventually(() => expect(rows.length, String(error)).to.be.at.least(wanted), ms);
    },
    async until(state, ms = 3_000) {
      const [from, seen] = [performance.now(), statuses.length];
      const find = () => statuses.slice(seen).find(({ status }) => status.state === state);
      await eventually(() => expect(find(), state).to.not.equal(undefined), ms);
      return find()!.at - from;
    },
  };
}

/** Fails if a row came twice or late; resolves with the lost ranges, as `[first, last]`. */
export function lostRanges(server: GraphQLTestServer, { rows }: Followed): readonly number[][] {
  const { duplicate, outOfOrder, missing } = server.truth.compare(rows);
  expect([duplicate, outOfOrder], 'duplicate, out of order').to.deep.equal([[], []]);
  const ranges: number[][] = [];
  for (const number of missing) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
