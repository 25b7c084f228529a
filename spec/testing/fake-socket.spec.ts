import { expect } from 'chai';
import { describe, it } from 'mocha';
import { timer } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import type { FakePeer, FakePeerControls } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { virtually } from '../helpers/virtually.js';
import { current, init } from '../helpers/wire.js';
import { dial } from './fake-test.js';

const query = 'subscription { price }';

describe('fakeSocket', () => {
  it(
    'is a server whose every word is the test’s',
    virtually(({ record, advance, now }) => {
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
    }),
  );

  it(
    'tells of every dial what it was: its number, url, subprotocols, options and time',
    virtually(({ advance }) => {
      const fake = fakeSocket();
      new fake('ws://peer/1');
      advance(5);
      new fake('ws://peer/2', ['a', 'b'], { headers: {} });
      const told = fake.peers.map(({ attempt, url, offered, options, dialledAt }) => [
        attempt,
        url,
        offered,
        options,
        dialledAt,
      ]);
      expect(told).to.deep.equal([
        [1, 'ws://peer/1', [], undefined, 0],
        [2, 'ws://peer/2', ['a', 'b'], { headers: {} }, 5],
      ]);
      expect(fake.peer).to.equal(fake.peers[1]);
    }),
  );

  it('commands the socket dialled last; a peer commands its own', () => {
    const fake = fakeSocket();
    const [first, second] = [new fake('ws://peer/', ['a']), new fake('ws://peer/', ['b'])];
    fake.open();
    expect([first, second].map(({ readyState }) => readyState)).to.deep.equal([0, 1]);
    first.onmessage = () => undefined;
    fake.peers[0]!.open();
    first.send('{"type":"one"}');
    second.send('{"type":"two"}');
    expect(fake.sent).to.deep.equal([{ type: 'two' }]);
    expect(fake.peers.map(({ sent }) => sent)).to.deep.equal([
      [{ type: 'one' }],
      [{ type: 'two' }],
    ]);
  });

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
  const nothing = 'nothing was dialled yet: subscribe to something first';
  for (const [name, use] of Object.entries(controls))
    it(`says that nothing was dialled yet: ${name}()`, () => {
      expect(() => use(fakeSocket())).to.throw(nothing);
    });

  it('says that nothing was dialled yet: peer, sent', () => {
    expect(() => fakeSocket().peer).to.throw(nothing);
    expect(() => fakeSocket().sent).to.throw(nothing);
    expect(fakeSocket().peers).to.deep.equal([]);
  });

  describe('dialled', () => {
    it(
      'is called before the client can listen: what is done at once reaches nobody',
      virtually(({ record, advance }) => {
        const webSocketImpl = fakeSocket({ dialled: (peer) => peer.open() });
        const connection = { url: 'ws://fake', webSocketImpl, connectTimeout: 50, retry: false };
        const stream = record(graphqlSocket(connection as never).connection$);
        advance(50);
        expect(stream.log).to.deep.equal([[50, 'error', 'ConnectionError']]);
      }),
    );

    it(
      'may schedule the life of each socket',
      virtually(({ record, advance }) => {
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
      }),
    );
  });

  describe('received', () => {
    it('is called with each message, after it was noted, and may answer at once', () => {
      const seen: unknown[] = [];
      const { fake, socket, heard } = dial({
        received: (message, peer) => {
          seen.push([message, peer.sent.length, peer === fake.peer]);
          peer.send('answer');
        },
      });
      fake.open();
      socket.send('{"type":"connection_init"}');
      socket.send('no JSON');
      expect(seen).to.deep.equal([
        [{ type: 'connection_init' }, 1, true],
        [{ frame: 'no JSON' }, 2, true],
      ]);
      expect(heard.map(([, ...event]) => event).slice(1)).to.deep.equal([
        ['message', 'answer'],
        ['message', 'answer'],
      ]);
    });
  });
});
