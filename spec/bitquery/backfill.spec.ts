import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, type Observable, of, toArray } from 'rxjs';
import { backfillByBlock, explainBitqueryError } from 'rx-graphql-ws/bitquery';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { canary } from '../security/canary.js';
import { handedOut } from '../security/handed-out.js';

interface Row {
  readonly number: number;
  readonly Block: { readonly Number: string };
}
interface Data {
  readonly trades: readonly Row[];
}

/** Three rows make a block. */
const rowsOfBlock = 3;
const blockOf = (number: number) => Math.floor(number / rowsOfBlock);
const rowOf = (number: number): Row => ({ number, Block: { Number: String(blockOf(number)) } });
const feed = (every = 1, age = 1_000) => ({
  every,
  start: Date.now() - age,
  field: 'trades',
  row: rowOf,
});

const query = 'query ($from: Int, $to: Int) { trades { number Block { Number } } }';

/** A backfill whose variables are the numbers of rows, as the test server understands them. */
const backfillOf = (server: Pick<GraphQLTestServer, 'url'>, further: object = {}) =>
  backfillByBlock({
    token: canary,
    url: server.url,
    query,
    rows: ({ trades }: Data) => trades,
    block: (row) => row.Block.Number,
    variables: ({ fromBlock, toBlock }) => ({
      from: fromBlock * rowsOfBlock,
      ...(toBlock !== undefined && { to: toBlock * rowsOfBlock + rowsOfBlock - 1 }),
    }),
    ...further,
  });

const missing = (last?: number, first?: number, since: number | undefined = Date.now()) => ({
  last: last === undefined ? undefined : rowOf(last),
  first: first === undefined ? undefined : rowOf(first),
  since,
});

const numbersOf = async (answer$: Observable<Data> | undefined) => {
  const answers = await lastValueFrom(answer$!.pipe(toArray()));
  expect(answers).to.have.length(1);
  return answers[0]!.trades.map(({ number }) => number);
};

describe('backfillByBlock', function () {
  this.timeout(10_000);
  const serve = useServer();
  useCalm();

  it('asks over HTTP for all blocks from the last row to the first, both included', async () => {
    const server = await serve({ feed: feed(), tokens: { in: 'header' } });
    const backfill = backfillOf(server, { fetch });
    expect(await numbersOf(backfill(missing(4, 10)))).to.deep.equal([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const [{ request, headers, url }] = server.ledger.requests as never as [
      { request: object; headers: Record<string, string>; url: string },
    ];
    expect(request).to.deep.include({ query, variables: { from: 3, to: 11 } });
    expect(url).to.equal('/graphql');
    expect(headers).to.include({
      authorization: `Bearer ${canary}`,
      'content-type': 'application/json',
    });
  });

  it('asks for all that there is, if no row followed', async () => {
    const server = await serve({ feed: feed(100_000, 600_000) });
    expect(await numbersOf(backfillOf(server)(missing(4)))).to.deep.equal([3, 4, 5, 6]);
  });

  it('asks for more blocks on both sides with `overlap`', async () => {
    const server = await serve({ feed: feed() });
    const numbers = await numbersOf(backfillOf(server, { overlap: 1 })(missing(6, 7)));
    expect(numbers).to.deep.equal([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('covers both rows, if that of the smaller block came last', async () => {
    const server = await serve({ feed: feed() });
    expect(await numbersOf(backfillOf(server)(missing(6, 4)))).to.deep.equal([3, 4, 5, 6, 7, 8]);
  });

  it('asks once with the first token of an Observable', async () => {
    const server = await serve({ feed: feed(), tokens: { in: 'header' } });
    const backfill = backfillOf(server, { token: of('abc', 'expired') });
    expect(await numbersOf(backfill(missing(4, 5)))).to.deep.equal([3, 4, 5]);
    expect(server.ledger.requests).to.have.length(1);
  });

  it('does nothing before it is subscribed to', async () => {
    const server = await serve({ feed: feed() });
    void backfillOf(server)(missing(1, 2));
    await firstValueFrom(backfillOf(server)(missing(1, 2))!);
    expect(server.ledger.requests).to.have.length(1);
  });

  it('gives nothing without a last row, and for a gap that is older than the horizon', async () => {
    const server = await serve({ feed: feed() });
    expect(backfillOf(server)(missing(undefined, 2))).to.equal(undefined);
    const backfill = backfillOf(server, { horizon: 60_000 });
    expect(backfill(missing(1, 2, Date.now() - 60_100))).to.equal(undefined);
    expect(backfill(missing(1, 2, Date.now() - 59_000))).to.not.equal(undefined);
    expect(backfill({ ...missing(1, 2), since: undefined })).to.not.equal(undefined);
  });

  it('fails if the block of the last row is no longer held, because rows behind it would be lost unseen', async () => {
    const server = await serve({ feed: feed(10, 1_000), backfill: { horizon: 500 } });
    const error = await failureOf(backfillOf(server)(missing(4, 90))!, 'OperationError');
    expect(error.message).to.match(/no longer holds block 1: the first row is of block \d+/);
    expect(explainBitqueryError(error).kind).to.equal('history');
  });

  it('gives an empty answer as it is, because the history may lag', async () => {
    const server = await serve({ handle: () => [{ data: { trades: [] } }] });
    expect(await numbersOf(backfillOf(server)(missing(4, 9)))).to.deep.equal([]);
  });

  it('refuses rows that do not ascend, because a page of them would hide what is missing', async () => {
    const trades = [rowOf(3), rowOf(9), rowOf(6)];
    const server = await serve({ handle: () => [{ data: { trades } }] });
    const error = await failureOf(backfillOf(server)(missing(4, 9))!, 'ConfigurationError');
    expect(error.option).to.equal('query');
    expect(error.message).to.match(/block 2 behind block 3/);
  });

  it('asks for a fresh token, once, if it is refused', async () => {
    const server = await serve({ feed: feed(), tokens: { in: 'header' } });
    const asked: unknown[] = [];
    const token = async ({ attempt, error }: { attempt: number; error: unknown }) => {
      asked.push([attempt, (error as { status?: number } | undefined)?.status]);
      return Promise.resolve(attempt === 0 ? 'expired' : 'fresh');
    };
    expect(await numbersOf(backfillOf(server, { token })(missing(4, 5)))).to.have.length(3);
    const refused = backfillOf(server, { token: () => 'revoked' })(missing(4, 5))!;
    expect(await failureOf(refused, 'ConnectionError')).to.include({ status: 403 });
    expect(asked).to.deep.equal([
      [0, undefined],
      [1, 401],
    ]);
    const statuses = server.ledger.requests.map(({ status }) => status);
    expect(statuses).to.deep.equal([401, 200, 403, 403]);
  });

  it('ends the request when it is unsubscribed', async () => {
    const server = await serve({ feed: feed(), backfill: { latency: 5_000 } });
    let signal: AbortSignal | undefined;
    const backfill = backfillOf(server, {
      fetch: (url: string, init: RequestInit) => {
        signal = init.signal!;
        return fetch(url, init);
      },
    });
    const subscription = backfill(missing(4, 5))!.subscribe();
    await eventually(() => expect(signal).to.not.equal(undefined));
    expect(signal!.aborted).to.equal(false);
    subscription.unsubscribe();
    expect(signal!.aborted).to.equal(true);
  });

  const json = (errors: unknown, data?: unknown) => ({
    status: 200,
    body: JSON.stringify({ data, errors }),
  });
  for (const [what, answer, name, kind, status] of [
    ['401', { status: 401, body: `bad token ${canary}` }, 'ConnectionError', 'unauthorized', 401],
    ['402', { status: 402, body: 'No active billing period' }, 'ConnectionError', 'billing', 402],
    [
      '403 over points',
      { status: 403, body: `usage quota reached\n${canary}` },
      'ConnectionError',
      'quota',
      403,
    ],
    ['400', { status: 400, body: 'syntax error' }, 'ConnectionError', 'other', 400],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'ConnectionError',
      'other',
      302,
    ],
    [
      'errors',
      json([{ message: `no table can query Trades for ${canary}` }], { trades: null }),
      'OperationError',
      'dataset',
    ],
    ['errors without a message', json([null, 'points limit exceeded']), 'OperationError', 'quota'],
    ['no JSON', { status: 200, body: `<html>${canary}` }, 'ProtocolError', 'other'],
    ['no result', { status: 200, body: '[]' }, 'ProtocolError', 'other'],
    ['null', { status: 200, body: 'null' }, 'ProtocolError', 'other'],
    ['no data', json([]), 'ProtocolError', 'other'],
  ] as const)
    it(`fails with a typed error that shows no token: ${what}`, async () => {
      const server = await serve({ backfill: { authorize: () => answer } });
      const error = await failureOf(backfillOf(server)(missing(4, 5))!, name);
      if (status) expect(error).to.include({ status });
      expect(server.ledger.requests).to.have.length(1);
      expect(explainBitqueryError(error).kind).to.equal(kind);
      const out = handedOut();
      out.add('the error', error);
      out.add('its cause', error.cause);
      out.add('its stack', error.stack);
      out.add('the explanation', explainBitqueryError(error));
      out.expectNoSecret();
      expect(error.message).to.not.match(/\n/);
    });

  it('uses the endpoint of the region', async () => {
    const asked: string[] = [];
    const answer = { ok: true, status: 200, text: () => Promise.resolve('{"data":{"trades":[]}}') };
    const fake = (url: string) => {
      asked.push(url);
      return Promise.resolve(answer);
    };
    for (const region of [undefined, 'us', 'asia'])
      await numbersOf(backfillOf({ url: undefined as never }, { region, fetch: fake })(missing(4)));
    expect(asked).to.deep.equal([
      'https://streaming.bitquery.io/graphql',
      'https://us.streaming.bitquery.io/graphql',
      'https://asia.streaming.bitquery.io/graphql',
    ]);
  });
});
