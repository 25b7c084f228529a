import { expect } from 'chai';
import { describe } from 'mocha';
import type { AttemptContext, OpenSocket, Payload } from 'rx-graphql-ws';
import { handshake, openSocket, reconnect } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { delay, map, switchMap, tap, timer } from 'rxjs';
import { advance, record, test } from '../helpers/test.js';
import { framesOf } from './dialling.js';

const url = 'ws://peer/graphql';
const query = 'subscription { a }';

/** Puts another stream in the place of `frames$`, as a user does it. */
const replacing = (change: MonoTypeOperatorFunction<string>) =>
  map((socket: OpenSocket) => ({ ...socket, frames$: socket.frames$.pipe(change) }));
const censored = map((frame: string) => frame.replaceAll('secret', '…'));
const text = map(({ text }: Payload) => text);

describe('frames$ that a user has replaced', () => {
  test('are heard by the handshake and by the operations, and leave the socket its own end', () => {
    const fake = fakeSocket();
    const payloads: unknown[] = [];
    const connections = record(
      openSocket({ url, webSocketImpl: fake }).pipe(
        replacing(censored),
        handshake(),
        switchMap((connection) => {
          payloads.push(connection.ackPayload);
          return connection.execute(query).pipe(text);
        }),
      ),
    );
    fake.open();
    fake.ack({ token: 'secret' });
    fake.next(1, 'a secret');
    fake.next(1, 'b');
    fake.close(4401, 'Unauthorized');
    advance(1);
    expect(payloads).to.deep.equal([{ token: '…' }]);
    expect(connections.values).to.deep.equal(['{"data":"a …"}', '{"data":"b"}']);
    // the end is the socket's own
    expect(connections.error).to.include({ name: 'ConnectionClosedError', code: 4401 });
  });

  test('may come later than the frames', () => {
    const fake = fakeSocket();
    const socket$ = openSocket({ url, webSocketImpl: fake });
    const connections = record(socket$.pipe(replacing(delay(5)), handshake()));
    fake.open();
    fake.ack();
    advance(4);
    expect(connections.values).to.have.length(0);
    advance(1);
    expect(connections.values).to.have.length(1);
  });

  test('leave the socket what the handshake does to it: it closes it, and the next attempt is told', () => {
    const fake = fakeSocket({ dialled: (peer) => timer(1).subscribe(() => peer.open()) });
    const asked: AttemptContext[] = [];
    const socket$ = openSocket({
      url: (context) => {
        asked.push(context);
        return url;
      },
      webSocketImpl: fake,
    });
    record(
      socket$.pipe(replacing(censored), handshake({ ackTimeout: 20 }), reconnect({ delay: 10 })),
    );
    advance(31);
    expect(fake.peers[0]!.closes).to.deep.equal([
      { at: 21, code: 4504, reason: 'No connection_ack' },
    ]);
    expect(asked[1]).to.have.nested.property('error.name', 'HandshakeError');
  });

  test('let the socket fall back to another subprotocol', () => {
    const fake = fakeSocket();
    const socket$ = openSocket({ url, webSocketImpl: fake });
    const connections = record(socket$.pipe(replacing(censored), handshake()));
    fake.open();
    fake.close(1002);
    advance(1);
    expect(connections.log).to.deep.equal([]);
    expect(fake.peer.offered).to.deep.equal(['graphql-ws']);
    fake.open();
    fake.ack();
    expect(connections.values).to.have.length(1);
  });
});

describe('frames$ of openSocket', () => {
  test('have every frame for a consumer beside the handshake, too', () => {
    const fake = fakeSocket();
    let frames: string[] = [];
    const results = record(
      openSocket({ url, webSocketImpl: fake }).pipe(
        tap((socket) => (frames = framesOf(socket))),
        handshake(),
        switchMap((connection) => connection.execute(query).pipe(text)),
      ),
    );
    fake.open();
    fake.ack();
    fake.next(1, 'a');
    expect(frames.map((frame) => (JSON.parse(frame) as { type: string }).type)).to.deep.equal([
      'connection_ack',
      'next',
    ]);
    expect(results.values).to.deep.equal(['{"data":"a"}']);
  });
});
