import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { firstValueFrom, switchMap } from 'rxjs';
import { openSocket } from 'rx-graphql-ws';
import type { Peer } from 'rx-graphql-ws/testing/server';
import type { LiveSocket } from '../../lib/transport/socket.js';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';
import { tapped } from './tapped.js';

describe('openSocket, over TCP', () => {
  const serve = useServer();
  const listen = useTcp();
  useCalm();

  const offers = [
    [undefined, undefined],
    [{ headers: {} }, undefined],
    [{ perMessageDeflate: true }, 'permessage-deflate'],
  ] as const;
  for (const [webSocketOptions, extensions] of offers)
    it(`offers ${extensions ?? 'no compression'} with ${JSON.stringify(webSocketOptions)}`, async () => {
      const server = await serve();
      await firstValueFrom(openSocket({ url: server.url, webSocketOptions }));
      const { headers } = server.ledger.upgrades[0]!;
      expect(headers['sec-websocket-extensions']?.split(';')[0]).to.equal(extensions);
    });

  it('opens without a subprotocol where none was offered', async () => {
    const server = await serve({ subprotocols: [] });
    const socket$ = openSocket({ url: server.url, subprotocols: [] });
    expect((await firstValueFrom(socket$)).subprotocol).to.equal('');
  });

  it('tells the status of a refusal, and opens where the headers are accepted', async () => {
    const server = await serve({ authorize: ({ headers }) => headers.authorization === 't' });
    const refused = await failureOf(openSocket({ url: server.url }), 'ConnectionError');
    expect(refused).to.include({ status: 401 });
    const webSocketOptions = { headers: { authorization: 't' } };
    const { subprotocol } = await firstValueFrom(openSocket({ url: server.url, webSocketOptions }));
    expect(subprotocol).to.equal('graphql-transport-ws');
  });

  const ends: readonly (readonly [code: number, reason: string, act?: (peer: Peer) => void])[] = [
    [1000, ''],
    [1001, 'restart'],
    [4401, 'Unauthorized'],
    [4403, 'é'.repeat(60)],
    [1005, '', (peer) => peer.close()],
    [1006, '', (peer) => peer.drop()],
  ];
  for (const [code, reason, act] of ends)
    it(`errors when the server ends the connection with ${code} ${reason}`, async () => {
      const server = await serve({ script: act ?? ((peer) => peer.close(code, reason)) });
      const error = await failureOf(openSocket({ url: server.url }), 'ConnectionClosedError');
      expect(error).to.include({ code, reason, wasClean: code !== 1006 });
      expect(error.message).to.equal(`connection closed: ${code} ${reason}`.trim());
    });

  it('errors once when ws finds a fault and closes, with its reason as the cause', async () => {
    const server = await serve({ script: (peer) => peer.send('x'.repeat(200)) });
    const { implementation, sockets } = tapped();
    const socket$ = openSocket({
      url: server.url,
      // alone, because a drop before the first frame is answered with another offer
      subprotocols: ['graphql-transport-ws'],
      webSocketImpl: implementation,
      webSocketOptions: { maxPayload: 100 },
    });
    const error = await failureOf(socket$, 'ConnectionClosedError');
    expect(error).to.include({ code: 1006, wasClean: false });
    expect(error.cause).to.include({ code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
    expect(sockets).to.have.length(1);
  });

  it('tells the server 1000 when it is unsubscribed from', async () => {
    const server = await serve();
    await firstValueFrom(openSocket({ url: server.url }));
    expect(await server.ledger.until('closed')).to.include({ code: 1000, reason: '' });
  });

  it('reads text in binary frames, and closes with 4400 for bytes that are no text', async () => {
    const frames = [new TextEncoder().encode('{"type":"é"}'), Uint8Array.of(0xff)];
    const server = await serve({ script: (peer) => peer.send(...frames) });
    const frames$ = openSocket({ url: server.url }).pipe(switchMap((socket) => socket.frames$));
    expect(await firstValueFrom(frames$)).to.equal('{"type":"é"}');
    await failureOf(openSocket({ url: server.url }), 'ProtocolError');
    await eventually(() => {
      expect(server.ledger.closed.at(-1)).to.include({ code: 4400, reason: 'Malformed frame' });
    });
  });

  it('drops a peer that never answers the close', async () => {
    const server = await serve({ script: (peer) => peer.stall() });
    const { implementation, sockets } = tapped();
    const options = { url: server.url, webSocketImpl: implementation, closeTimeout: 50 };
    await firstValueFrom(openSocket(options));
    expect(sockets[0]!.readyState).to.equal(2);
    await eventually(() => expect(sockets[0]!.readyState).to.equal(3));
  });

  it('waits no longer for a peer that says goodbye and keeps the TCP connection', async () => {
    const tcp = await listen((socket) => {
      socket.once('data', (request: Buffer) => {
        const key = /sec-websocket-key: (.*)\r\n/i.exec(request.toString())![1]!;
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
        );
        // a close frame with 1001
        socket.write(Uint8Array.of(0x88, 0x02, 0x03, 0xe9));
      });
    });
    const socket$ = openSocket({ url: tcp.url, subprotocols: [], closeTimeout: 60 });
    const error = await failureOf(socket$, 'ConnectionClosedError');
    expect(error).to.include({ code: 1001, wasClean: true });
    await eventually(() => expect(tcp.sockets.size).to.equal(0));
  });

  it('hears the pong to a WebSocket ping', async () => {
    const server = await serve();
    await new Promise((resolve) => {
      const dialled = openSocket({ url: server.url }).subscribe((socket) => {
        const { ping, heartbeat$ } = socket as LiveSocket;
        heartbeat$!.subscribe(() => {
          dialled.unsubscribe();
          resolve(undefined);
        });
        ping!();
      });
    });
  });

  it('is not bothered by the error of a socket that it left', async () => {
    const tcp = await listen();
    const dialling = openSocket({ url: tcp.url }).subscribe();
    await eventually(() => expect(tcp.accepted).to.equal(1));
    dialling.unsubscribe();
    for (const socket of tcp.sockets) socket.resetAndDestroy();
    await eventually(() => expect(tcp.sockets.size).to.equal(0));
    await delay(30);
  });
});
