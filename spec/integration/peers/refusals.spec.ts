import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { WebSocketServer } from 'ws';
import { useServer as serve } from 'graphql-ws/use/ws';
import { buildSchema } from 'graphql';
import { failureOf } from '../../helpers/failure-of.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

describe('a stock server of graphql-ws that refuses the client', () => {
  const start = useStockServer();
  const connect = useSocket();
  const refusing = () =>
    start({
      onConnect: () => {
        throw new Error('token expired');
      },
    });

  it('by onConnect that throws is final the third time, and tells the reason', async () => {
    const server = await refusing();
    const socket = connect({ url: server.url, retry: { delay: 1_600 } });
    const error = await failureOf(socket.subscribe$('subscription { ticks }'), 'HandshakeError');
    expect(error).to.include({ kind: 'rejected' });
    expect(error.message).to.include('4500 token expired');
    expect(server.dials).to.equal(3);
  }).timeout(8_000);

  it('is final at once where nothing is retried', async () => {
    const server = await refusing();
    const socket = connect({ url: server.url, retry: false });
    const error = await failureOf(socket.query$('{ hello }'), 'HandshakeError');
    expect(error.message).to.include('4500 token expired');
  });
});

describe('a server that cannot choose between two names', () => {
  const connect = useSocket();

  for (const [what, answer] of [
    ['answers HTTP 400', () => 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    [
      'echoes the whole offer',
      (key: string, offer: string) => {
        const accept = createHash('sha1')
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest('base64');
        const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'];
        lines.push('Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`);
        return [...lines, `Sec-WebSocket-Protocol: ${offer}`, '', ''].join('\r\n');
      },
    ],
  ] as const)
    it(`is offered each alone: it ${what}`, async () => {
      const offers: string[] = [];
      const wss = new WebSocketServer({ noServer: true });
      serve(
        {
          schema: buildSchema('type Query { hello: String }'),
          roots: { query: { hello: 'world' } },
        },
        wss,
      );
      const server = createServer();
      server.on('upgrade', (request, stream: Socket, head) => {
        const offer = String(request.headers['sec-websocket-protocol']);
        offers.push(offer);
        if (offer.includes(','))
          stream.end(answer(String(request.headers['sec-websocket-key']), offer));
        else
          wss.handleUpgrade(request, stream, head, (client) =>
            wss.emit('connection', client, request),
          );
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const socket = connect({ url: `ws://127.0.0.1:${port}/` });
      expect(await lastValueFrom(socket.query$('{ hello }'))).to.deep.equal({ hello: 'world' });
      expect(offers).to.deep.equal(['graphql-transport-ws,graphql-ws', 'graphql-transport-ws']);
      socket.close();
      wss.close();
      server.close();
      await once(server, 'close');
    });
});

describe('a stock server of graphql-ws whose selection does not arrive', () => {
  const connect = useSocket();

  /** Starts one that selects nothing in the first `times` answers to an offer, as if these had been damaged. */
  async function start(times: number) {
    const offers: string[] = [];
    let damaged = 0;
    const handleProtocols = (names: Set<string>) =>
      (damaged += 1) > times && (names.values().next().value ?? false);
    const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    wss.on('connection', (_client, { headers }) =>
      offers.push(headers['sec-websocket-protocol'] ?? ''),
    );
    serve(
      {
        schema: buildSchema('type Query { hello: String }'),
        roots: { query: { hello: 'world' } },
      },
      wss,
    );
    // graphql-ws has set its own
    wss.options.handleProtocols = handleProtocols;
    await once(wss, 'listening');
    const url = `ws://127.0.0.1:${(wss.address() as AddressInfo).port}/`;
    const stop = async () => {
      for (const client of wss.clients) client.terminate();
      wss.close();
      await once(wss, 'close');
    };
    return { url, offers, stop };
  }
  const both = 'graphql-transport-ws,graphql-ws';

  it('is asked again, though it refuses the dial without an offer', async () => {
    const { url, offers, stop } = await start(1);
    const socket = connect({ url });
    expect(await lastValueFrom(socket.query$('{ hello }'))).to.deep.equal({ hello: 'world' });
    expect(offers).to.deep.equal([both, '', both]);
    socket.close();
    await stop();
  });

  it('is given up at the second time in a row', async () => {
    const { url, offers, stop } = await start(Infinity);
    const socket = connect({ url });
    const error = await failureOf(socket.query$('{ hello }'), 'ConnectionClosedError');
    expect(error).to.include({ code: 4406 });
    expect(offers).to.deep.equal([both, '', both, '']);
    socket.close();
    await stop();
  });
});
