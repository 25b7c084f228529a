import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, stub, useFakeTimers } from 'sinon';
import { backfillByBlock, type BackfillByBlockOptions } from 'rx-graphql-ws/bitquery';
import { ConfigurationError } from 'rx-graphql-ws';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';

interface Row {
  readonly n: number;
}
interface Data {
  readonly rows: readonly Row[];
}
type Options = BackfillByBlockOptions<Data, Row>;

const given: Options = {
  token: 'abc',
  query: '{ rows { n } }',
  rows: ({ rows }) => rows,
  block: ({ n }) => n,
  variables: ({ fromBlock, toBlock }) => ({ fromBlock, toBlock }),
};
const missing = { last: { n: 1 }, first: { n: 2 }, since: 0 };
const mine = new Error('mine');
const throwing = (): never => {
  throw mine;
};

/** An answer of `fetch`. */
const response = (status: number, body: string, headers: Record<string, string> = {}) => ({
  ok: status < 300,
  status,
  headers: new Headers(headers),
  text: () => Promise.resolve(body),
});
const good = response(200, '{"data":{"rows":[{"n":1},{"n":2}]}}');

describe('backfillByBlock() refuses', () => {
  for (const [what, options, option, message] of [
    ['no options', undefined, 'token', /expected `token` to be a token/],
    ['a header as a token', { ...given, token: 'Bearer abc' }, 'token', undefined],
    ['an unknown region', { ...given, region: 'eu' }, 'region', undefined],
    ['no URL', { ...given, url: 'nowhere' }, 'url', undefined],
    [
      'no query',
      { ...given, query: undefined },
      'query',
      /expected `query` to be a document with text/,
    ],
    ['an empty query', { ...given, query: '' }, 'query', undefined],
    [
      'a document without text',
      { ...given, query: { kind: 'Document', definitions: [] } },
      'query',
      undefined,
    ],
    [
      'no rows',
      { ...given, rows: undefined },
      'rows',
      /expected `rows` to be a function, got undefined/,
    ],
    ['a name as block', { ...given, block: 'Number' }, 'block', /got `Number` \(string\)/],
    ['an object as variables', { ...given, variables: {} }, 'variables', /got object/],
    ['no fetch', { ...given, fetch: null }, 'fetch', /got null/],
    [
      'a negative horizon',
      { ...given, horizon: -1 },
      'horizon',
      /a number of milliseconds ≥ 0, got `-1` \(number\)/,
    ],
    ['a horizon in words', { ...given, horizon: '12h' }, 'horizon', undefined],
    ['NaN as overlap', { ...given, overlap: NaN }, 'overlap', /a number of blocks ≥ 0/],
    [
      'an option that it does not know',
      { ...given, limit: 5 },
      'limit',
      /^unknown option `limit`: known are token, .*, fetch$/,
    ],
  ] as const)
    it(what, () => {
      const error = expect(() => backfillByBlock(options as never)).to.throw(ConfigurationError);
      error.with.property('option', option);
      if (message) error.with.property('message').that.matches(message);
    });
});

describe('backfillByBlock() takes', () => {
  const asked: string[] = [];
  const fetch = (_url: string, { body }: { body: string }) => {
    asked.push((JSON.parse(body) as { query: string }).query);
    return Promise.resolve(good);
  };

  for (const [what, query] of [
    ['a text', '{ a }'],
    [
      'a document with its source',
      { kind: 'Document', definitions: [], loc: { source: { body: '{ a }' } } },
    ],
    ['the text of a generator', Object.assign(new String('{ a }'), { __apiType: undefined })],
  ] as const)
    it(`${what} as query`, async () => {
      const options = { ...given, query, fetch } as Options;
      await new Promise<void>((complete, error) => {
        backfillByBlock(options)(missing)?.subscribe({ complete, error });
      });
      expect(asked.splice(0)).to.deep.equal(['{ a }']);
    });
});

describe('a function of the user', () => {
  useCalm();
  const fetch = () => Promise.resolve(good);

  for (const [option, broken] of [
    ['block', throwing],
    ['block', () => 'abc'],
    ['block', () => undefined],
    ['block', () => ''],
    ['rows', throwing],
    ['rows', () => 5],
    ['variables', throwing],
    ['variables', () => ({ n: 5n })],
  ] as const)
    it(`that fails is a ConfigurationError: ${option}: ${String(broken)}`, async () => {
      const backfill = backfillByBlock({ ...given, fetch, [option]: broken });
      const error = await failureOf(backfill(missing)!, 'ConfigurationError');
      expect(error.option).to.equal(option);
      if (broken === throwing) expect(error.cause).to.equal(mine);
    });

  it('is the cause of the error: token', async () => {
    const backfill = backfillByBlock({ ...given, fetch, token: throwing });
    const error = await failureOf(backfill(missing)!, 'ConfigurationError');
    expect(error).to.include({ option: 'token', cause: mine });
  });
});

describe('the waits of a backfill', () => {
  afterEach(restore);

  /** Requests at which times, to a server that answers in this order, the last answer for ever. */
  function requests(...answers: (ReturnType<typeof response> | Error)[]) {
    const clock = useFakeTimers({ now: 0 });
    stub(Math, 'random').returns(0);
    const times: number[] = [];
    const fetch = () => {
      const answer = answers[Math.min(times.length, answers.length - 1)]!;
      times.push(Date.now());
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const log: unknown[] = [];
    const subscription = backfillByBlock({ ...given, fetch })(missing)!.subscribe({
      next: ({ rows }) => log.push(rows.length),
      error: ({ name }: Error) => log.push(name),
      complete: () => log.push('complete'),
    });
    return { clock, times, log, subscription };
  }

  it('begin at 5 s, double, and end at a minute: 429', async () => {
    const { clock, times, subscription } = requests(response(429, 'too many'));
    await clock.tickAsync(200_000);
    expect(times.map((at) => at / 1_000)).to.deep.equal([0, 5, 15, 35, 75, 135, 195]);
    subscription.unsubscribe();
    expect(clock.countTimers()).to.equal(0);
  });

  for (const [header, waits] of [
    ['7', 7_000],
    ['0', 1_000],
    ['86400', 300_000],
    [new Date(20_000).toUTCString(), 20_000],
  ] as const)
    it(`are what the server asks for, from a second to five minutes: ${header}`, async () => {
      const { clock, times, log } = requests(response(429, '', { 'Retry-After': header }), good);
      await clock.tickAsync(400_000);
      expect([times, log]).to.deep.equal([
        [0, waits],
        [2, 'complete'],
      ]);
    });

  it('are those of 429 without a header if that cannot be read', async () => {
    const { clock, times } = requests(response(429, '', { 'Retry-After': 'soon' }), good);
    await clock.tickAsync(400_000);
    expect(times).to.deep.equal([0, 5_000]);
  });

  it('are those of a lost connection after a failed request, and after 5xx', async () => {
    const { clock, times, log } = requests(new TypeError('fetch failed'), response(502, ''), good);
    await clock.tickAsync(1_000);
    expect([times.length, log]).to.deep.equal([3, [2, 'complete']]);
  });

  it('are as long as 503 asks for', async () => {
    const { clock, times } = requests(response(503, '', { 'Retry-After': '3' }), good);
    await clock.tickAsync(10_000);
    expect(times).to.deep.equal([0, 3_000]);
  });

  it('come over a text of the server, too', async () => {
    const errors = [
      { message: 'temporarily blocked due to a high number of long-running queries' },
    ];
    const { clock, times, log } = requests(response(200, JSON.stringify({ errors })), good);
    await clock.tickAsync(10_000);
    expect([times, log]).to.deep.equal([
      [0, 5_000],
      [2, 'complete'],
    ]);
  });

  it('are none where waiting does not help', async () => {
    const { clock, times, log } = requests(response(500, 'usage quota reached'));
    await clock.tickAsync(100_000);
    expect([times, log]).to.deep.equal([[0], ['ConnectionError']]);
  });

  it('have the failure of a request as the cause of the error', async () => {
    const cause = new TypeError('fetch failed');
    const seen: unknown[] = [];
    const token = ({ error }: { error?: unknown }) => {
      seen.push(error);
      return 'abc';
    };
    const clock = useFakeTimers();
    const url = 'https://proxy.example.org/bitquery?key=secret';
    const backfill = backfillByBlock({ ...given, url, token, fetch: () => Promise.reject(cause) });
    const subscription = backfill(missing)!.subscribe();
    await clock.tickAsync(600);
    subscription.unsubscribe();
    expect(seen[1]).to.include({ name: 'ConnectionError', cause });
    expect((seen[1] as Error).message).to.equal('could not ask https://proxy.example.org/bitquery');
  });

  it('ends where there is no fetch', async () => {
    const { fetch } = globalThis;
    Object.assign(globalThis, { fetch: undefined });
    try {
      const error = await failureOf(backfillByBlock(given)(missing)!, 'ConfigurationError');
      expect(error).to.include({ option: 'fetch' });
    } finally {
      Object.assign(globalThis, { fetch });
    }
  });
});
