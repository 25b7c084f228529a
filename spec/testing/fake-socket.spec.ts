import { expect } from 'chai';
import { describe, it } from 'mocha';
import { timer } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import type { FakePeer, FakePeerControls } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { advance, now, record, test } from '../helpers/test.js';
import { current, init } from '../helpers/wire.js';
import { dialOpen } from './fake-test.js';

const query = 'subscription { price }';

describe('fakeSocket', () => {
  test('lets the test play the server over a reconnect', () => {
    const fake = fakeSocket();
    const url = 'ws://fake';
    const socket = graphqlSocket({ url, webSocketImpl: fake, retry: { delay: 10 } });
    const prices = record(socket.subscribe$(query));
    advance(100);
    expect([fake.peers.length, fake.sent, prices.log]).to.deep.equal([1, [], []]);
    fake.open();
    expect(fake.sent).to.deep.equal([init]);
    fake.ack();
    fake.next(1, { price: 7 });
    expect(prices.log).to.deep.equal([[100, { price: 7 }]]);
    fake.close(1012);
    advance(10);
    expect([fake.peers.length, now()]).to.deep.equal([2, 110]);
    fake.open();
    fake.ack();
    expect(fake.sent).to.deep.equal([init, current.subscribe('2', { query })]);
    fake.next(1, { price: 8 });
    fake.complete(1);
    expect(prices.log.slice(1)).to.deep.equal([
      [110, { price: 8 }],
      [110, 'complete'],
    ]);
  });

  test('describes every dial', () => {
    const fake = fakeSocket();
    new fake('ws://peer/1');
    advance(5);
    new fake('ws://peer/2', ['a', 'b'], { headers: {} });
    const [first, second] = fake.peers;
    expect(first).to.deep.include({ attempt: 1, url: 'ws://peer/1', offered: [], dialledAt: 0 });
    expect(second).to.deep.include({ attempt: 2, url: 'ws://peer/2', offered: ['a', 'b'] });
    expect(second).to.deep.include({ options: { headers: {} }, dialledAt: 5 });
    expect(fake.peer).to.equal(second);
  });

  it('controls the last dialled socket, while a peer controls its own', () => {
    const fake = fakeSocket();
    const [first, second] = [new fake('ws://peer/', ['a']), new fake('ws://peer/', ['b'])];
    fake.open();
    expect([first, second].map(({ readyState }) => readyState)).to.deep.equal([0, 1]);
    fake.peers[0]!.open();
    first.send('{"type":"one"}');
    second.send('{"type":"two"}');
    expect(fake.sent).to.deep.equal([{ type: 'two' }]);
    expect(fake.peers[0]!.sent).to.deep.equal([{ type: 'one' }]);
  });

  it('says for each control that nothing was dialled yet', () => {
    const controls: Record<keyof FakePeerControls, (fake: FakePeerControls) => void> = {
      open: (fake) => fake.open(),
      ack: (fake) => fake.ack(),
      next: (fake) => fake.next(1, {}),
      result: (fake) => fake.result(1, {}),
      error: (fake) => fake.error(1, []),
      complete: (fake) => fake.complete(1),
      ka: (fake) => fake.ka(),
      ping: (fake) => fake.ping(),
      send: (fake) => fake.send('x'),
      close: (fake) => fake.close(),
      drop: (fake) => fake.drop(),
      fail: (fake) => fake.fail(),
      ignoreClose: (fake) => fake.ignoreClose(),
      emit: (fake) => fake.emit('pong'),
    };
    const uses = [...Object.values(controls), () => fakeSocket().peer, () => fakeSocket().sent];
    for (const use of uses)
      expect(() => use(fakeSocket())).to.throw(
        'nothing was dialled yet: subscribe to something first',
      );
    expect(fakeSocket().peers).to.deep.equal([]);
  });

  test('calls `dialled` before the client can listen', () => {
    const webSocketImpl = fakeSocket({ dialled: (peer) => peer.open() });
    const config = { url: 'ws://fake', webSocketImpl, connectTimeout: 50, retry: false as const };
    const stream = record(graphqlSocket(config).connection$);
    advance(50);
    expect(stream.log).to.deep.equal([[50, 'error', 'ConnectionError']]);
  });

  test('lets `dialled` schedule the life of each socket', () => {
    const dialled = (peer: FakePeer) => {
      timer(2).subscribe(() => {
        peer.open();
        peer.ack(peer.attempt);
      });
      timer(4).subscribe(() => peer.drop());
    };
    const webSocketImpl = fakeSocket({ dialled });
    const socket = graphqlSocket({ url: 'ws://fake', webSocketImpl, retry: { delay: 10 } });
    const connections = record(socket.connection$);
    advance(17);
    expect(connections.values.map(({ ackPayload }) => ackPayload)).to.deep.equal([1, 2]);
    connections.unsubscribe();
  });

  it('calls `received` with each message that `sent` has, and lets it answer at once', () => {
    const seen: unknown[] = [];
    const { fake, socket, heard } = dialOpen({
      received: (message, peer) => {
        seen.push([message, peer.sent.length, peer === fake.peer]);
        peer.send('answer');
      },
    });
    socket.send('{"type":"connection_init"}');
    socket.send('no JSON');
    expect(seen).to.deep.equal([
      [{ type: 'connection_init' }, 1, true],
      [{ frame: 'no JSON' }, 2, true],
    ]);
    expect(heard.map(([, , text]) => text)).to.deep.equal(['answer', 'answer']);
  });
});
