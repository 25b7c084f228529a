import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, interval, map, timer } from 'rxjs';
import { openSocket, type OpenSocketOptions } from 'rx-graphql-ws';
import { hasErrorKind } from '../../lib/errors.js';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';

const fails = (options: OpenSocketOptions) => failureOf(openSocket(options), 'ConnectionError');

describe('openSocket, over TCP', () => {
  const serve = useServer();
  const listen = useTcp();
  useCalm();

  for (const [status, hopeless] of [
    [401, false],
    [403, false],
    [404, true],
    [302, true],
    [503, false],
    [200, false],
    [101, false],
  ] as const)
    it(`tells the HTTP status ${status}, and leaves no socket`, async () => {
      const headers = { location: 'ws://127.0.0.1:1/', 'retry-after': '1' };
      const tcp = await listen((socket) => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`HTTP/1.1 ${status} Reason\r\n${lines.join('')}content-length: 1\r\n\r\n!`);
      });
      const error = await fails({ url: tcp.url });
      expect(error).to.include({
        status,
        message: `could not connect to ${tcp.url}: HTTP ${status}`,
      });
      expect(hasErrorKind(error, 'misconfiguration')).to.equal(hopeless);
      await eventually(() => expect(tcp.sockets.size).to.equal(0));
      expect(tcp.accepted).to.equal(1);
    });

  it('tells the status of a refusal that the server decided on', async () => {
    const server = await serve({ authorize: ({ headers }) => headers.authorization === 't' });
    expect(await fails({ url: server.url })).to.include({ status: 401 });
    const webSocketOptions = { headers: { authorization: 't' } };
    const { subprotocol } = await firstValueFrom(openSocket({ url: server.url, webSocketOptions }));
    expect(subprotocol).to.equal('graphql-transport-ws');
  });

  it('tells that the connection was refused', async () => {
    const tcp = await listen();
    await tcp.stop();
    const error = await fails({ url: tcp.url });
    expect(error.message).to.contain(`could not connect to ${tcp.url}: connect ECONNREFUSED`);
    expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    expect(error).not.to.have.property('status');
    expect(hasErrorKind(error, 'misconfiguration')).to.equal(false);
  });

  it('tells that there is no such host', async () => {
    const error = await fails({ url: 'ws://nonexistent.invalid/graphql' });
    expect(error.message).to.match(
      /^could not connect to ws:\/\/nonexistent\.invalid\/graphql: getaddrinfo E/,
    );
    expect(hasErrorKind(error, 'misconfiguration')).to.equal(false);
  });

  const garbage: [what: string, bytes: string | undefined][] = [
    ['hangs up', undefined],
    ['speaks another protocol', 'SSH-2.0-OpenSSH\r\n'],
    [
      'answers with the wrong key',
      'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\n',
    ],
  ];
  for (const [what, bytes] of garbage)
    it(`tells that it could not connect to a server that ${what}`, async () => {
      const tcp = await listen((socket) => {
        socket.once('data', () => (bytes === undefined ? socket.destroy() : socket.write(bytes)));
      });
      const error = await fails({ url: tcp.url });
      expect(error.message).to.match(new RegExp(`^could not connect to ${tcp.url}: .`));
      expect(error).to.have.property('cause').that.is.instanceOf(Error);
      await eventually(() => expect(tcp.sockets.size).to.equal(0));
    });

  it('gives up on a server that accepts and says nothing', async () => {
    const tcp = await listen();
    const error = await fails({ url: tcp.url, connectTimeout: 60 });
    expect(error.message).to.equal(`could not connect to ${tcp.url} within 60 ms`);
    await eventually(() => expect(tcp.sockets.size).to.equal(0));
  });

  it('gives up on a server that answers byte by byte, however lively it is', async () => {
    const response = `HTTP/1.1 101 Switching Protocols\r\n${'x: y\r\n'.repeat(100)}`;
    const tcp = await listen((socket) => {
      const drip = interval(50).subscribe((n) => socket.write(response.charAt(n)));
      socket.on('close', () => drip.unsubscribe());
    });
    const began = performance.now();
    await fails({ url: tcp.url, connectTimeout: 300 });
    expect(performance.now() - began).to.be.at.least(280);
    await eventually(() => expect(tcp.sockets.size).to.equal(0));
  });

  it('waits for a slow server where it may', async () => {
    const server = await serve({ authorize: () => timer(30).pipe(map(() => true)) });
    const socket$ = openSocket({ url: server.url, connectTimeout: false });
    expect((await firstValueFrom(socket$)).subprotocol).to.equal('graphql-transport-ws');
  });

  it('tells that the server selects a subprotocol that was not offered', async () => {
    const server = await serve({ subprotocols: () => 'mqtt' });
    const options = { url: server.url, subprotocols: ['graphql-ws', 'header-secret'] };
    const error = await failureOf(openSocket(options), 'HandshakeError');
    const detail = 'Server sent an invalid subprotocol';
    expect(error).to.include({
      kind: 'subprotocol',
      message: `no common subprotocol with ${server.url}: offered graphql-ws, …; ${detail}`,
    });
    expect(error.cause).to.have.property('message', detail);
  });

  it('offers none to a server that selects none, and opens', async () => {
    const server = await serve({ subprotocols: () => undefined });
    expect((await firstValueFrom(openSocket({ url: server.url }))).subprotocol).to.equal('');
    const offers = server.ledger.upgrades.map(
      ({ headers }) => headers['sec-websocket-protocol'] ?? 'none',
    );
    expect(offers).to.deep.equal(['graphql-transport-ws,graphql-ws', 'none']);
  });

  it('opens without a subprotocol where none was offered', async () => {
    const server = await serve({ subprotocols: [] });
    const socket$ = openSocket({ url: server.url, subprotocols: [] });
    expect((await firstValueFrom(socket$)).subprotocol).to.equal('');
  });

  for (const [webSocketOptions, extensions] of [
    [undefined, undefined],
    [{ headers: {} }, undefined],
    [{ perMessageDeflate: true }, 'permessage-deflate'],
  ] as const)
    it(`offers ${extensions ?? 'no compression'} with ${JSON.stringify(webSocketOptions)}`, async () => {
      const server = await serve();
      await firstValueFrom(openSocket({ url: server.url, webSocketOptions }));
      const { headers } = server.ledger.upgrades[0]!;
      expect(headers['sec-websocket-extensions']?.split(';')[0]).to.equal(extensions);
    });

  it('leaves nothing behind when it is unsubscribed from while it connects', async () => {
    const tcp = await listen();
    for (const wait of [0, 1, 20]) {
      const dialling = openSocket({ url: tcp.url }).subscribe({
        error: () => expect.fail('an error'),
      });
      await new Promise((resolve) => setTimeout(resolve, wait));
      dialling.unsubscribe();
    }
    await eventually(() => expect(tcp.sockets.size).to.equal(0));
  });
});
