import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, Observable, of } from 'rxjs';
import type { BackfillOptions } from 'rx-graphql-ws/testing/server';
import { answerPost } from '../../../lib/testing/server/backfill/answer-post.js';
import { checkOptions } from '../../../lib/testing/server/check-options.js';
import { useServer } from '../../helpers/use-server.js';
import { virtually } from '../../helpers/virtually.js';

const query = '{ rows { number } }';

const post = (url: string, body: unknown = { query }, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('graphqlTestServer over HTTP', () => {
  const serve = useServer();

  it('answers a POST with the rows of its feed', async () => {
    const server = await serve({ feed: { every: 10, start: Date.now() - 1_000, field: 'blocks' } });
    const response = await post(server.httpUrl, { query, variables: { from: 3, to: 4 } });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^application\/json\b/);
    expect(await response.json()).to.deep.equal({
      data: { blocks: [{ number: 3 }, { number: 4 }] },
    });
  });

  it('answers with the first value of the handler otherwise', async () => {
    const asked: unknown[] = [];
    const server = await serve({
      handle: (request, { url, headers, connectionParams }) => {
        asked.push(request, url, headers.test, connectionParams);
        return concat(of({ data: 1 }, { data: 2 }), NEVER);
      },
    });
    const request = { query, variables: { n: 1 }, operationName: 'Q' };
    const response = await post(`${server.httpUrl}?a=1`, request, { test: 'x' });
    expect(await response.json()).to.deep.equal({ data: 1 });
    expect(asked).to.deep.equal([{ id: 'http-1', ...request }, '/graphql?a=1', 'x', undefined]);
    expect(server.ledger.entries.map(({ type }) => type)).to.deep.equal(['request']);
  });

  it('tells in the errors how the handler failed, or that there is none', async () => {
    const cyclic: { data?: unknown } = {};
    cyclic.data = cyclic;
    const server = await serve({
      handle: ({ operationName }, context) => {
        if (operationName === 'throw') throw new Error('boom');
        if (operationName === 'cycle') return [cyclic];
        if (operationName === 'peer') context.peer.drop();
        if (operationName === 'subprotocol') return [{ data: context.subprotocol }];
        return [];
      },
    });
    const ask = async (operationName: string, { httpUrl } = server) => {
      const response = await post(httpUrl, { query, operationName });
      expect(response.status).to.equal(200);
      const { errors } = (await response.json()) as { errors: [{ message: string }] };
      return errors[0].message;
    };
    expect(await ask('throw')).to.equal('boom');
    expect(await ask('cycle')).to.contain('circular');
    expect(await ask('none')).to.equal('the handler gave no result');
    for (const member of ['peer', 'subprotocol'])
      expect(await ask(member)).to.equal(
        `there is no \`${member}\` for an operation that came by POST`,
      );
    expect(await ask('any', await serve())).to.equal('this test server has no handler');
  });

  it('answers 400 to a body that is no request', async () => {
    const server = await serve({ feed: { every: 10 } });
    for (const body of ['', '{', 'null', '[]', '{"qeury":"{ a }"}']) {
      const response = await post(server.httpUrl, body);
      expect([response.status, await response.json()]).to.deep.equal([
        400,
        { errors: [{ message: 'expected a JSON object with a `query`' }] },
      ]);
    }
  });

  it('answers 413 to a body of more than 1 MiB, which no throttle counts', async () => {
    const server = await serve({ feed: { every: 10 } });
    const sized = (bytes: number) => {
      const [head, tail] = [`{"query":"${query}","a":"`, '"}'];
      return head + 'x'.repeat(bytes - head.length - tail.length) + tail;
    };
    server.throttle();
    const response = await post(server.httpUrl, sized(2 ** 20 + 1));
    expect([response.status, await response.json()]).to.deep.equal([
      413,
      { errors: [{ message: 'the body has more than 1048576 bytes' }] },
    ]);
    expect((await post(server.httpUrl, sized(8 * 2 ** 20))).status).to.equal(413);
    expect((await post(server.httpUrl)).status).to.equal(429);
    expect((await post(server.httpUrl, sized(2 ** 20))).status).to.equal(200);
    expect(server.ledger.requests.map(({ status, request }) => [status, !!request])).to.deep.equal([
      [413, false],
      [413, false],
      [429, true],
      [200, true],
    ]);
  });

  it('reads letters that come in two parts', async () => {
    const server = await serve({ handle: ({ variables }) => [{ data: variables.text }] });
    const { port } = new URL(server.httpUrl);
    const body = Buffer.from(JSON.stringify({ query, variables: { text: 'é' } }));
    const raw = connectTcp(Number(port), '127.0.0.1');
    const head = `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const middle = body.indexOf(0xc3) + 1;
    raw.write(Buffer.concat([Buffer.from(head), body.subarray(0, middle)]));
    await new Promise((resolve) => setTimeout(resolve, 10));
    raw.write(body.subarray(middle));
    expect(await text(raw)).to.contain('{"data":"é"}');
  });

  it('answers 426 to GET, 405 to other methods, 404 elsewhere', async () => {
    const { httpUrl } = await serve();
    const [got] = (await once(get(httpUrl), 'response')) as [IncomingMessage];
    got.resume();
    expect(got.statusCode).to.equal(426);
    const response = await fetch(httpUrl, { method: 'PUT', body: '{}' });
    expect([response.status, response.headers.get('allow')]).to.deep.equal([405, 'POST, OPTIONS']);
    expect((await post(`${httpUrl}/x`)).status).to.equal(404);
  });

  it('may be read by a page of any origin, credentials and all', async () => {
    const server = await serve({ feed: { every: 10 } });
    const preflight = await fetch(server.httpUrl, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'authorization,content-type' },
    });
    expect(preflight.status).to.equal(204);
    expect(Object.fromEntries(preflight.headers)).to.include({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization,content-type',
    });
    const plain = await fetch(server.httpUrl, { method: 'OPTIONS' });
    expect(plain.headers.get('access-control-allow-headers')).to.equal('Content-Type');
    server.throttle();
    const { headers } = await post(server.httpUrl);
    expect(headers.get('access-control-allow-origin')).to.equal('*');
    // Without this a page sees the status alone.
    expect(headers.get('access-control-expose-headers')).to.equal('Retry-After');
  });

  it('throttles the next POSTs', async () => {
    const server = await serve({ feed: { every: 10 } });
    const statuses = async (count: number) => {
      const seen: [number, string | null][] = [];
      for (let i = 0; i < count; i++) {
        const response = await post(server.httpUrl);
        seen.push([response.status, response.headers.get('retry-after')]);
      }
      return seen;
    };
    server.throttle();
    expect(await statuses(2)).to.deep.equal([
      [429, '5'],
      [200, null],
    ]);
    server.throttle(2, 60);
    expect(await statuses(3)).to.deep.equal([
      [429, '60'],
      [429, '60'],
      [200, null],
    ]);
    server.throttle(9);
    server.throttle(0);
    expect(await statuses(1)).to.deep.equal([[200, null]]);
    server.throttle();
    expect(await (await post(server.httpUrl)).json()).to.deep.equal({
      errors: [{ message: 'too many requests' }],
    });
    server.throttle(Infinity);
    server.accept();
    expect((await statuses(3)).map(([status]) => status)).to.deep.equal([429, 429, 429]);
    server.throttle(0);
    expect(await statuses(1)).to.deep.equal([[200, null]]);
    expect(() => server.throttle(-1)).to.throw(TypeError, 'expected `times` to be a whole number');
    expect(() => server.throttle(1, 0.5)).to.throw(TypeError, 'expected `retryAfter` to be');
  });

  it('leaves the verdict to authorize', async () => {
    const asked: unknown[] = [];
    const server = await serve({
      feed: { every: 10 },
      backfill: {
        authorize: ({ url, headers }) => {
          asked.push([url, headers.authorization]);
          if (url.endsWith('throw')) throw new Error('boom');
          if (url.endsWith('402')) return of({ status: 402, headers: { 'x-a': '1' }, body: 'pay' });
          return Promise.resolve(!url.endsWith('false'));
        },
      },
    });
    const ask = (token: string) =>
      post(`${server.httpUrl}?${token}`, { query }, { authorization: 'a' });
    expect((await ask('true')).status).to.equal(200);
    expect((await ask('false')).status).to.equal(401);
    expect((await ask('throw')).status).to.equal(500);
    const refused = await ask('402');
    expect([refused.status, refused.headers.get('x-a'), await refused.text()]).to.deep.equal([
      402,
      '1',
      'pay',
    ]);
    expect(asked[0]).to.deep.equal(['/graphql?true', 'a']);
  });

  it('does no more for a client that left, and goes on', async () => {
    let released = 0;
    const server = await serve({
      handle: ({ operationName }) =>
        operationName === 'wait' ? new Observable(() => () => (released += 1)) : [{ data: 1 }],
    });
    const leaving = new AbortController();
    const { signal } = leaving;
    const asked = fetch(server.httpUrl, {
      method: 'POST',
      body: JSON.stringify({ query, operationName: 'wait' }),
      signal,
    }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.abort();
    await asked;
    const { port } = new URL(server.httpUrl);
    const halfway = connectTcp(Number(port), '127.0.0.1');
    await once(halfway, 'connect');
    halfway.write('POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 20));
    halfway.resetAndDestroy();
    expect(await (await post(server.httpUrl)).json()).to.deep.equal({ data: 1 });
    expect(released).to.equal(1);
    expect(server.ledger.entries.map(({ type }) => type)).to.deep.equal(['request']);
  });
});

describe('graphqlTestServer options backfill and seed', () => {
  const wrong: readonly [object, string][] = [
    [{ backfill: 5 }, 'expected `backfill` to be an object, got number'],
    [{ backfill: { delay: 5 } }, 'unknown option `backfill.delay`'],
    [{ backfill: { latency: '5s' } }, 'a number of milliseconds ≥ 0, or the least and the most'],
    [{ backfill: { latency: [5, 4] } }, '`backfill.latency` to be a number of milliseconds'],
    [{ backfill: { latency: [5] } }, '`backfill.latency` to be a number of milliseconds'],
    [{ backfill: { latency: [-1, 4] } }, '`backfill.latency` to be a number of milliseconds'],
    [{ backfill: { latency: [1, 2, 3] } }, '`backfill.latency` to be a number of milliseconds'],
    [
      { backfill: { horizon: -1 } },
      '`backfill.horizon` to be a number of milliseconds ≥ 0 or false',
    ],
    [{ backfill: { maxRows: 0 } }, '`backfill.maxRows` to be a number of rows ≥ 1 or false'],
    [{ backfill: { authorize: true } }, '`backfill.authorize` to be a function'],
    [{ seed: 'x' }, 'expected `seed` to be an integer'],
  ];
  for (const [options, message] of wrong)
    it(`refuse ${JSON.stringify(options)}`, () => {
      expect(() => {
        checkOptions(options);
      }).to.throw(TypeError, message);
    });
});

describe('answerPost', () => {
  const answerAfter = (latency: BackfillOptions['latency'], seed: number) =>
    answerPost({ latency }, seed, () => [{ data: 1 }]);
  const asked = {
    url: '/graphql',
    headers: {},
    request: { id: '1', query, variables: {} },
  };

  it(
    'answers at once by default, after a latency otherwise',
    virtually(({ advance, record }) => {
      expect(record(answerAfter(undefined, 1)(asked)).log).to.have.length(2);
      const late = record(answerAfter(100, 1)(asked));
      advance(99);
      expect(late.log).to.deep.equal([]);
      advance(1);
      expect(late.log).to.have.length(2);
    }),
  );

  it(
    'draws the latency between two by the seed',
    virtually(({ advance, record }) => {
      const latencies = (seed: number) => {
        const answer = answerAfter([100, 200], seed);
        return Array.from({ length: 5 }, () => record(answer(asked)));
      };
      const began = [latencies(1), latencies(1), latencies(2)];
      advance(200);
      const [first, same, other] = began.map((run) => run.map(({ log }) => log[0]![0] as number));
      for (const ms of [...first!, ...other!]) expect(ms).to.be.within(100, 200);
      expect(same).to.deep.equal(first);
      expect(other).not.to.deep.equal(first);
      expect(new Set(first)).to.have.property('size', 5);
    }),
  );
});
