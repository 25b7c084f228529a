import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { useServer } from '../../helpers/use-server.js';
import { answerTo, connect, current, dial, init, legacy } from './raw-client.js';

const handle = () => concat(of({ data: { a: 1 } }), NEVER);

/** The status of the answer to a dial, and its body. */
const dialled = async (url: string, headers?: Record<string, string>) => {
  const { status, body } = await answerTo(url, headers);
  return [status, body];
};

describe('graphqlTestServer tokens', () => {
  const serve = useServer();

  for (const [token, ...answer] of [
    ['', 401, 'token missing'],
    ['expired', 401, 'token expired'],
    ['revoked', 403, 'token revoked'],
    ['nocredit', 402, 'No active billing period'],
    ['ory_at_1', 101, ''],
    ['constructor', 101, ''],
  ] as const)
    it(`answers ${answer[0]} to the token "${token}" in the URL or in a header`, async () => {
      const { url } = await serve({ tokens: true });
      expect(await dialled(`${url}?token=${token}`)).to.deep.equal(answer);
      expect(await dialled(`${url}?a=b&token=${token}`)).to.deep.equal(answer);
      const { url: other } = await serve({ tokens: { in: 'header' } });
      for (const authorization of [`Bearer ${token}`, `bearer  ${token}`])
        expect(await dialled(other, { authorization })).to.deep.equal(answer);
    });

  it('wants the token where it was told to look', async () => {
    const [{ url }, header] = [
      await serve({ tokens: {} }),
      await serve({ tokens: { in: 'header' } }),
    ];
    expect(await dialled(url, { authorization: 'Bearer a' })).to.include(401);
    expect(await dialled(url)).to.include(401);
    expect(await dialled(`${header.url}?token=a`)).to.include(401);
    expect(await dialled(header.url, { authorization: 'Basic a' })).to.include(401);
  });

  it('asks `authorize` only about those who are let in', async () => {
    const asked: string[] = [];
    const { url } = await serve({
      tokens: true,
      authorize: (request) => void asked.push(request.url),
    });
    await dialled(`${url}?token=expired`);
    await dialled(`${url}?token=a`);
    expect(asked).to.deep.equal(['/graphql?token=a']);
  });

  describe('in connectionParams', () => {
    for (const [payload, code, reason] of [
      [undefined, 4401, 'token missing'],
      [{ token: '' }, 4401, 'token missing'],
      [{ token: 1 }, 4401, 'token missing'],
      ['expired', 4401, 'token missing'],
      [{ token: 'expired' }, 4401, 'token expired'],
      [{ token: 'revoked' }, 4403, 'token revoked'],
      [{ token: 'nocredit' }, 4403, 'No active billing period'],
    ] as const)
      for (const subprotocol of typeof payload === 'string' ? [legacy] : [current, legacy])
        it(`refuses ${JSON.stringify(payload)} with ${code} over ${subprotocol}`, async () => {
          const { url } = await serve({ tokens: { in: 'params' } });
          const client = await dial(`${url}?token=a`, subprotocol);
          client.send({ ...init, payload });
          expect(await client.closed).to.deep.equal({ code, reason });
          const error = { type: 'connection_error', payload: { message: reason } };
          expect(client.heard).to.deep.equal(subprotocol === legacy ? [error] : []);
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
        expect(await post(`${httpUrl}?token=nocredit`)).to.include(402);
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
    for (const [tokens, code] of [
      [{}, 4403],
      [{ closeCode: 4401 }, 4401],
    ] as const)
      it(`closes open sockets with ${code}, and refuses their tokens from then on`, async () => {
        const server = await serve({ tokens });
        const [a, b] = ['a', 'b'].map((token) => `${server.url}?token=${token}`) as [
          string,
          string,
        ];
        const clients = [await connect(a), await connect(b)];
        server.expireToken();
        for (const client of clients)
          expect(await client.closed).to.deep.equal({ code, reason: 'token expired' });
        for (const url of [a, b]) expect(await dialled(url)).to.deep.equal([401, 'token expired']);
        expect(await dialled(`${server.url}?token=c`)).to.include(101);
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
    expect(await dialled(`${server.url}?token=a`)).to.deep.equal([403, 'token revoked']);
    expect(await dialled(`${server.url}?token=b`)).to.include(101);
    client.send({ type: 'ping' });
    expect(await client.next()).to.deep.equal({ type: 'pong' });
    server.expireToken();
    expect(await dialled(`${server.url}?token=a`)).to.deep.equal([401, 'token expired']);
  });

  it('says that the levers need the option', async () => {
    const { expireToken, revokeToken } = await serve();
    expect(expireToken).to.throw('expireToken() needs the option `tokens`');
    expect(revokeToken).to.throw('revokeToken() needs the option `tokens`');
  });
});
