import { expect } from 'chai';
import { once } from 'node:events';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import type { TokenOptions } from 'rx-graphql-ws/testing/server';
import { WebSocket } from 'ws';
import { useServer } from '../../helpers/use-server.js';
import { connect, current, dial, legacy } from './raw-client.js';

const handle = () => concat(of({ data: { a: 1 } }), NEVER);
const init = { type: 'connection_init' };

/** Resolves with the status of the answer to an upgrade, 101 if it is granted, and its body. */
async function answerTo(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, current, { headers });
  socket.on('error', () => {});
  return await Promise.race([
    once(socket, 'open').then(() => {
      socket.terminate();
      return [101, ''];
    }),
    once(socket, 'unexpected-response').then(async ([, response]) => {
      const { statusCode } = response as { statusCode: number };
      let body = '';
      for await (const chunk of response as AsyncIterable<Buffer>) body += chunk.toString();
      return [statusCode, body];
    }),
  ]);
}

describe('graphqlTestServer tokens', () => {
  const serve = useServer();

  const answers: [string, [number, string]][] = [
    ['', [401, 'token missing']],
    ['expired', [401, 'token expired']],
    ['revoked', [403, 'token revoked']],
    ['nocredit', [402, 'No active billing period']],
    ['ory_at_1', [101, '']],
    ['constructor', [101, '']],
  ];
  for (const [token, answer] of answers) {
    it(`answers ${answer[0]} to the token "${token}" in the URL`, async () => {
      const { url } = await serve({ tokens: true });
      expect(await answerTo(`${url}?token=${token}`)).to.deep.equal(answer);
      expect(await answerTo(`${url}?a=b&token=${token}`)).to.deep.equal(answer);
    });

    it(`answers ${answer[0]} to the token "${token}" in a header`, async () => {
      const { url } = await serve({ tokens: { in: 'header' } });
      const authorization = `Bearer ${token}`;
      expect(await answerTo(url, { authorization })).to.deep.equal(answer);
      expect(await answerTo(url, { authorization: `bearer  ${token}` })).to.deep.equal(answer);
    });
  }

  it('wants the token where it was told to look', async () => {
    const [url, header] = [await serve({ tokens: {} }), await serve({ tokens: { in: 'header' } })];
    expect(await answerTo(url.url, { authorization: 'Bearer a' })).to.include(401);
    expect(await answerTo(url.url)).to.include(401);
    expect(await answerTo(`${header.url}?token=a`)).to.include(401);
    expect(await answerTo(header.url, { authorization: 'Basic a' })).to.include(401);
  });

  it('asks `authorize` only about those who are let in', async () => {
    const asked: string[] = [];
    const { url } = await serve({
      tokens: true,
      authorize: (request) => void asked.push(request.url),
    });
    await answerTo(`${url}?token=expired`);
    await answerTo(`${url}?token=a`);
    expect(asked).to.deep.equal(['/graphql?token=a']);
  });

  describe('in connectionParams', () => {
    const refusals: [unknown, number, string][] = [
      [undefined, 4401, 'token missing'],
      [{ token: '' }, 4401, 'token missing'],
      [{ token: 1 }, 4401, 'token missing'],
      ['expired', 4401, 'token missing'],
      [{ token: 'expired' }, 4401, 'token expired'],
      [{ token: 'revoked' }, 4403, 'token revoked'],
      [{ token: 'nocredit' }, 4403, 'No active billing period'],
    ];
    for (const [payload, code, reason] of refusals)
      for (const subprotocol of [current, legacy])
        it(`refuses ${JSON.stringify(payload)} with ${code} over ${subprotocol}`, async () => {
          const { url } = await serve({ tokens: { in: 'params' } });
          const client = await dial(`${url}?token=a`, subprotocol);
          client.send({ ...init, payload });
          expect(await client.closed).to.deep.equal({ code, reason });
          const error = { type: 'connection_error', payload: { message: reason } };
          expect(client.heard).to.deep.equal(subprotocol === legacy ? [error] : []);
        });

    it('lets any other through to `connect`', async () => {
      const connected: unknown[] = [];
      const { url } = await serve({
        tokens: { in: 'params' },
        connect: ({ connectionParams }) => void connected.push(connectionParams),
      });
      await connect(url, current, { token: 'a' });
      expect(connected).to.deep.equal([{ token: 'a' }]);
    });
  });

  describe('of POSTs', () => {
    const post = async (url: string, headers: Record<string, string> = {}) => {
      const response = await fetch(url, {
        ...{ method: 'POST', headers },
        body: JSON.stringify({ query: '{ a }' }),
      });
      return [response.status, await response.text()];
    };

    for (const place of ['url', 'header', 'params'] as const)
      it(`are in the URL or a header, with tokens in ${place}`, async () => {
        const { httpUrl } = await serve({ tokens: { in: place }, handle });
        expect(await post(httpUrl)).to.deep.equal([401, 'token missing']);
        expect(await post(`${httpUrl}?token=nocredit`)).to.deep.equal([
          402,
          'No active billing period',
        ]);
        expect(await post(`${httpUrl}?token=a`)).to.deep.equal([200, '{"data":{"a":1}}']);
        const authorization = 'Bearer revoked';
        expect(await post(httpUrl, { authorization })).to.deep.equal([403, 'token revoked']);
      });

    it('go on to `authorize`', async () => {
      const { httpUrl } = await serve({
        ...{ tokens: true, handle },
        backfill: { authorize: () => ({ status: 418 }) },
      });
      expect(await post(`${httpUrl}?token=a`)).to.include(418);
      expect(await post(httpUrl)).to.include(401);
    });
  });

  describe('expireToken()', () => {
    const kinds: [TokenOptions, number][] = [
      [{}, 4403],
      [{ closeCode: 4401 }, 4401],
    ];
    for (const [tokens, code] of kinds)
      it(`closes open sockets with ${code}, and refuses their tokens from then on`, async () => {
        const server = await serve({ tokens });
        const clients = [
          await connect(`${server.url}?token=a`),
          await connect(`${server.url}?token=b`),
        ];
        server.expireToken();
        for (const client of clients)
          expect(await client.closed).to.deep.equal({ code, reason: 'token expired' });
        expect(await answerTo(`${server.url}?token=a`)).to.deep.equal([401, 'token expired']);
        expect(await answerTo(`${server.url}?token=b`)).to.include(401);
        expect(await answerTo(`${server.url}?token=c`)).to.include(101);
      });

    it('expires tokens of handshakes as well', async () => {
      const server = await serve({ tokens: { in: 'params' } });
      const client = await connect(server.url, current, { token: 'a' });
      server.expireToken();
      expect((await client.closed).code).to.equal(4403);
      const again = await dial(server.url);
      again.send({ ...init, payload: { token: 'a' } });
      expect(await again.closed).to.deep.equal({ code: 4401, reason: 'token expired' });
    });
  });

  it('revokeToken() refuses later dials with 403, and leaves open sockets alone', async () => {
    const server = await serve({ tokens: true });
    const client = await connect(`${server.url}?token=a`);
    server.revokeToken();
    expect(await answerTo(`${server.url}?token=a`)).to.deep.equal([403, 'token revoked']);
    expect(await answerTo(`${server.url}?token=b`)).to.include(101);
    client.send({ type: 'ping' });
    expect(await client.next()).to.deep.equal({ type: 'pong' });
    server.expireToken();
    expect(await answerTo(`${server.url}?token=a`)).to.deep.equal([401, 'token expired']);
  });

  it('says that the levers need the option', async () => {
    const server = await serve();
    const client = await connect(server.url);
    expect(() => {
      server.expireToken();
    }).to.throw('expireToken() needs the option `tokens`');
    expect(() => {
      server.revokeToken();
    }).to.throw('revokeToken() needs the option `tokens`');
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
  });

  it('never shows a token in a refusal', async () => {
    const server = await serve({ tokens: true });
    const client = await connect(`${server.url}?token=s3cret`);
    server.expireToken();
    expect((await client.closed).reason).to.not.include('s3cret');
    expect(String(await answerTo(`${server.url}?token=s3cret`))).to.not.include('s3cret');
  });
});
