import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';

interface Row {
  readonly number: number;
}

const query = 'subscription Rows { rows { number } }';

/** Subscribes, and keeps what comes. */
function follow(socket: GraphQLSocket, variables = {}) {
  const rows: Row[] = [];
  const state = { completed: false };
  socket.subscribe$<{ rows: readonly Row[] }>({ query, variables }).subscribe({
    next: (data) => rows.push(...data.rows),
    complete: () => (state.completed = true),
  });
  return {
    rows,
    state,
    numbers: () => rows.map(({ number }) => number),
    more: (count: number) => {
      const enough = rows.length + count;
      return eventually(() => {
        expect(rows).to.have.length.at.least(enough);
      });
    },
  };
}

async function backfill(
  { httpUrl }: GraphQLTestServer,
  variables: object,
): Promise<readonly Row[]> {
  const response = await fetch(httpUrl, {
    method: 'POST',
    body: JSON.stringify({ query: '{ rows { number } }', variables }),
  });
  const { data } = (await response.json()) as { data: { rows: readonly Row[] } };
  return data.rows;
}

/** The numbers that are jumped over. */
const gaps = (numbers: readonly number[]) =>
  numbers.flatMap((number, i) => {
    const previous = numbers[i - 1] ?? number - 1;
    return Array.from({ length: number - previous - 1 }, (_, n) => previous + 1 + n);
  });

describe('a client of a feed', () => {
  const serve = useServer();
  const open = useSocket();

  it('misses after a drop what the truth says, and has it all after a backfill', async () => {
    const server = await serve({ feed: { every: 4 } });
    const client = follow(open({ url: server.url }));
    await client.more(3);
    server.drop();
    await client.more(3);
    const { missing, duplicate, outOfOrder, received } = server.truth.compare(client.rows);
    expect(missing).to.have.length.at.least(2);
    expect(missing).to.deep.equal(gaps(client.numbers()));
    expect([duplicate, outOfOrder]).to.deep.equal([[], []]);
    expect(received).to.deep.equal(client.numbers());
    const filled = await backfill(server, { from: missing[0], to: missing.at(-1) });
    const whole = [...client.rows, ...filled].sort((a, b) => a.number - b.number);
    const { sent, ...rest } = server.truth.compare(whole);
    expect(rest).to.deep.equal({ received: sent, missing: [], duplicate: [], outOfOrder: [] });
  });

  it('finds the same feed after the server was down', async () => {
    const server = await serve({
      feed: { every: 4, row: (number, random) => ({ number, a: random() }) },
    });
    const client = follow(open({ url: server.url }));
    await client.more(2);
    await server.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.start();
    await client.more(2);
    const { missing } = server.truth.compare(client.rows);
    expect(missing).to.deep.equal(gaps(client.numbers()));
    const seen = [...client.rows];
    const again = await backfill(server, { from: seen[0]!.number });
    const had = new Map(again.map((row) => [row.number, row]));
    expect(seen.map(({ number }) => had.get(number))).to.deep.equal(seen);
  });
});
