import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createHash } from 'node:crypto';
import { firstValueFrom, switchMap } from 'rxjs';
import { openSocket, type OpenSocketOptions } from 'rx-graphql-ws';
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

  for (const [code, reason] of [
    [1000, ''],
    [1000, 'bye'],
    [1001, 'restart'],
    [4401, 'Unauthorized'],
    [4403, 'é'.repeat(60)],
  ] as const)
    it(`errors when the server closes with ${code} ${reason}`, async () => {
      const server = await serve({ script: (peer) => peer.close(code, reason) });
      const error = await failureOf(openSocket({ url: server.url }), 'ConnectionClosedError');
      expect(error).to.include({ code, reason, wasClean: true });
      expect(error.message).to.equal(`connection closed: ${code} ${reason}`.trim());
    });

  it('errors when the server closes without a code', async () => {
    const server = await serve({ script: (peer) => peer.close() });
    const error = await failureOf(openSocket({ url: server.url }), 'ConnectionClosedError');
    expect(error).to.include({ code: 1005, reason: '', wasClean: true });
  });

  it('errors when the connection drops', async () => {
    const server = await serve({ script: (peer) => peer.drop() });
    const error = await failureOf(openSocket({ url: server.url }), 'ConnectionClosedError');
    expect(error).to.include({ code: 1006, reason: '', wasClean: false });
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

  it('reads text in binary frames', async () => {
    const frame = new TextEncoder().encode('{"type":"é"}');
    const server = await serve({ script: (peer) => peer.send(frame) });
    const frames$ = openSocket({ url: server.url }).pipe(switchMap((socket) => socket.frames$));
    expect(await firstValueFrom(frames$)).to.equal('{"type":"é"}');
  });

  it('closes with 4400 when a binary frame is no text', async () => {
    const server = await serve({ script: (peer) => peer.send(Uint8Array.of(0xff)) });
    await failureOf(openSocket({ url: server.url }), 'ProtocolError');
    const closed = await server.ledger.until('closed');
    expect(closed).to.include({ code: 4400, reason: 'Malformed frame' });
  });

  it('drops a peer that never answers the close', async () => {
    const server = await serve({ script: (peer) => peer.stall() });
    const { implementation, sockets } = tapped();
    const options: OpenSocketOptions = {
      url: server.url,
      webSocketImpl: implementation,
      closeTimeout: 50,
    };
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
    const tcp = await listen((socket) => {
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const dialling = openSocket({ url: tcp.url }).subscribe();
    await eventually(() => expect(tcp.accepted).to.equal(1));
    dialling.unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
});
