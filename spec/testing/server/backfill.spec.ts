import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { concat, NEVER, Observable, of } from 'rxjs';
import { restore } from 'sinon';
import { eventually } from '../../helpers/eventually.js';
import { fakeTimers } from '../../helpers/fake-timers.js';
import { useServer } from '../../helpers/use-server.js';

const query = '{ rows { number } }';

const post = (url: string, body: unknown = { query }, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('graphqlTestServer over HTTP', () => {
  const serve = useServer();
  afterEach(restore);

  it('answers a POST with the rows of its feed', async () => {
    const server = await serve({ feed: { every: 10, start: Date.now() - 1_000, field: 'blocks' } });
    const response = await post(server.httpUrl, { query, variables: { from: 3, to: 4 } });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.match(/^application\/json\b/);
    const blocks = [{ number: 3 }, { number: 4 }];
    expect(await response.json()).to.deep.equal({ data: { blocks } });
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
    const errors = [{ message: 'the body has more than 1048576 bytes' }];
    expect(await response.json()).to.deep.equal({ errors });
    await post(server.httpUrl, sized(8 * 2 ** 20));
    await post(server.httpUrl);
    await post(server.httpUrl, sized(2 ** 20));
    const { requests } = server.ledger;
    expect(requests.map(({ status }) => status)).to.deep.equal([413, 413, 429, 200]);
    expect(requests.map(({ request }) => !!request)).to.deep.equal([false, false, true, true]);
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
      const seen: unknown[] = [];
      for (let i = 0; i < count; i++) {
        const { status, headers } = await post(server.httpUrl);
        seen.push(status === 429 ? headers.get('retry-after') : status);
      }
      return seen;
    };
    server.throttle();
    expect(await statuses(2)).to.deep.equal(['5', 200]);
    server.throttle(2, 60);
    expect(await statuses(3)).to.deep.equal(['60', '60', 200]);
    server.throttle(9);
    server.throttle(0);
    expect(await statuses(1)).to.deep.equal([200]);
    server.throttle(Infinity);
    server.accept();
    expect(await statuses(3)).to.deep.equal(['5', '5', '5']);
    const response = await post(server.httpUrl);
    expect(await response.json()).to.deep.equal({ errors: [{ message: 'too many requests' }] });
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

  it('answers after a latency, which the seed draws between two', async () => {
    const clock = fakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const latencies = async (latency: number | readonly [number, number], seed: number) => {
      const server = await serve({ seed, backfill: { latency }, handle: () => [{ data: 1 }] });
      const began = Date.now();
      const posts = Array.from({ length: 5 }, () => post(server.httpUrl));
      await eventually(() => expect(clock.countTimers()).to.equal(5));
      clock.tick(200);
      await Promise.all(posts);
      return server.ledger.requests.map(({ at }) => at - began);
    };
    expect(await latencies(150, 1)).to.deep.equal([150, 150, 150, 150, 150]);
    const drawn = await latencies([100, 200], 1);
    for (const ms of drawn) expect(ms).to.be.within(100, 200);
    expect(new Set(drawn)).to.have.property('size', 5);
    expect(await latencies([100, 200], 1)).to.deep.equal(drawn);
    expect(await latencies([100, 200], 2)).not.to.deep.equal(drawn);
  });
});
