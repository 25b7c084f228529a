import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
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
    const again = await backfill(server, { from: client.rows[0]!.number });
    const had = new Map(again.map((row) => [row.number, row]));
    expect(client.rows.map(({ number }) => had.get(number))).to.deep.equal(client.rows);
  });

  it('misses nothing where the server replays', async () => {
    const server = await serve({ feed: { every: 4, replay: true } });
    const first = follow(open({ url: server.url }));
    await first.more(2);
    server.drop();
    const had = first.numbers();
    const second = follow(open({ url: server.url }), { after: had.at(-1) });
    await second.more(5);
    const { missing, duplicate } = server.truth.compare([...had, ...second.rows]);
    expect([missing, duplicate]).to.deep.equal([[], []]);
  });

  it('gets the same as another client, and by a query what exists', async () => {
    const server = await serve({ feed: { every: 2, start: Date.now() - 100 } });
    const [one, two] = [open({ url: server.url }), open({ url: server.url })];
    const clients = [follow(one), follow(two)];
    await Promise.all(clients.map(({ more }) => more(5)));
    for (const { rows } of clients) expect(server.truth.compare(rows).missing).to.deep.equal([]);
    const { rows } = await firstValueFrom(
      one.query$<{ rows: readonly Row[] }>({
        query: '{ rows { number } }',
        variables: { from: 3, to: 5 },
      }),
    );
    expect(rows).to.deep.equal([{ number: 3 }, { number: 4 }, { number: 5 }]);
  });

  it('is told which variable the server cannot read', async () => {
    const server = await serve({ feed: { every: 2, replay: true } });
    const failed = await lastValueFrom(
      open({ url: server.url }).subscribe$({ query, variables: { after: 'x' } }),
    ).catch((error: unknown) => error);
    expect(failed).to.have.property('name', 'OperationError');
    expect(String(failed)).to.contain('expected the variable `after` to be the number of a row');
  });

  it('of a zombie hears no more, though the connection lives (D3)', async () => {
    const server = await serve({ feed: { every: 4 }, keepAlive: 4 });
    const socket = open({ url: server.url, keepAliveTimeout: 1_000 });
    const client = follow(socket);
    const beats = (count: number) => {
      const heard = server.ledger.messages.filter(({ type }) => type === 'pong').length;
      return server.ledger.received('pong', heard + count);
    };
    await client.more(2);
    server.zombie();
    // What had been sent before has come by then.
    await beats(2);
    const { length } = client.rows;
    await beats(5);
    expect(client.rows).to.have.length(length);
    expect(server.truth.sent()).to.have.length.greaterThan(length + 4);
    expect(await firstValueFrom(socket.status$)).to.have.property('state', 'connected');
    expect(server.ledger.operations).to.have.length(1);
  });

  it('completes when the server does, out of the blue (D9)', async () => {
    const server = await serve({ feed: { every: 4 } });
    const client = follow(open({ url: server.url }));
    await client.more(1);
    const other = follow(open({ url: server.url }));
    await other.more(1);
    server.complete(({ connection }) => connection === 1);
    await eventually(() => {
      expect(client.state.completed).to.equal(true);
    });
    await other.more(1);
    expect(other.state.completed).to.equal(false);
  });

  it('gets a row twice, and two in the other order (D10)', async () => {
    const server = await serve({ feed: { every: 4 } });
    const client = follow(open({ url: server.url }));
    await client.more(1);
    server.duplicate();
    await client.more(3);
    const { missing, duplicate, outOfOrder } = server.truth.compare(client.rows);
    expect([missing.length, duplicate.length, outOfOrder.length]).to.deep.equal([0, 1, 0]);
    server.reorder();
    await client.more(4);
    const disorder = server.truth.compare(client.rows);
    expect(disorder.duplicate).to.deep.equal(duplicate);
    expect(disorder.missing).to.deep.equal([]);
    expect(disorder.outOfOrder).to.have.length(1);
  });

  it('never gets rows that are skipped (D11)', async () => {
    const server = await serve({ feed: { every: 4 } });
    const client = follow(open({ url: server.url }));
    await client.more(1);
    server.omit(2);
    await client.more(3);
    const { missing } = server.truth.compare(client.rows);
    expect(missing).to.deep.equal([missing[0], missing[0]! + 1]);
  });

  it('gets a batch cut short (D12), and each that is over the limit', async () => {
    const server = await serve({ feed: { every: 1, perMessage: 10, limit: 8 } });
    const socket = open({ url: server.url });
    const batches = socket.subscribe$<{ rows: readonly Row[] }>(query).pipe(take(4), toArray());
    let cut = false;
    const stop = socket.subscribe$(query).subscribe(() => {
      if (!cut) server.truncate(3);
      cut = true;
    });
    const seen = await lastValueFrom(batches);
    stop.unsubscribe();
    const rows = seen.flatMap((batch) => batch.rows);
    const { missing } = server.truth.compare(rows);
    expect(missing).to.deep.equal(gaps(rows.map(({ number }) => number)));
    const lengths = seen.slice(1).map((batch) => batch.rows.length);
    expect(lengths).to.have.members([3, 8, 8]);
  });
});
