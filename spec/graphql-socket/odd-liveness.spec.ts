import { expect } from 'chai';
import { describe } from 'mocha';
import { interval, Subject, timer } from 'rxjs';
import { bench, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

const query = 'subscription { a }';
const minute = 60_000;

/** A server that does this to a ping, and answers nothing else. */
const pinged =
  (reply: (peer: Parameters<Move>[0]) => unknown): Move =>
  (peer) => {
    accepts()(peer);
    answering({ ping: () => reply(peer) })(peer);
  };
const closing = (code: number) =>
  pinged((peer) => void timer(1).subscribe(() => peer.close(code, 'ping?', code !== 1006)));
const pongs = (peers: readonly { sent: readonly { type?: unknown }[] }[]) =>
  peers.flatMap(({ sent }) => sent).filter(({ type }) => type === 'ping').length;

describe('a server that closes at a ping', () => {
  for (const code of [1000, 1002, 1006, 1011, 4400, 4406, 4500])
    test(`with ${code} costs two connections and no operation; then there are no pings`, () => {
      const { socket, peers } = bench({ pingInterval: 1_000 }, closing(code));
      const streams = [1, 2].map(() => record(socket.subscribe$(query)));
      advance(30 * minute);
      expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
      expect([peers.length, pongs(peers)]).to.deep.equal([3, 2]);
    });

  test('although another connection spoke the legacy protocol, whose ka is no pong', () => {
    const legacy = accepts('graphql-ws', (peer) => {
      peer.send({ type: 'ka' });
      peer.close(1012);
    });
    const { socket, peers } = bench({ pingInterval: 1_000 }, legacy, closing(1011));
    const stream = record(socket.subscribe$(query));
    advance(30 * minute);
    expect([stream.log, peers.length, pongs(peers)]).to.deep.equal([[], 4, 2]);
  });

  test('gets pings of the WebSocket in their place, where there are any', () => {
    const { socket, peers, at } = wsBench({ pingInterval: 1_000 }, closing(4400));
    const stream = record(socket.subscribe$(query));
    advance(9_000);
    expect([stream.log, peers.length, pongs(peers)]).to.deep.equal([[], 3, 2]);
    expect(at(2).pings.length).to.be.greaterThan(0);
  });

  test('although it had answered one is judged by the code', () => {
    const { socket, peers } = bench({ pingInterval: 1_000 }, (peer) => {
      accepts()(peer);
      timer(3).subscribe(() => peer.send({ type: 'pong' }));
      answering({ ping: () => void timer(1).subscribe(() => peer.close(1002, '', true)) })(peer);
    });
    const stream = record(socket.subscribe$(query));
    advance(minute);
    expect(stream.error).to.include({ name: 'ConnectionClosedError', code: 1002 });
    expect(peers.length).to.be.within(3, 5);
  });
});

describe('a server that never answers a ping', () => {
  test('is given up each time, and gets pings of the WebSocket after the second', () => {
    const { socket, peers, at } = wsBench({ pingInterval: 1_000, pongTimeout: 500 }, accepts());
    const stream = record(socket.subscribe$(query));
    advance(3_500);
    const last = at(2);
    for (let turn = 0; turn < 60; turn += 1) {
      advance(500);
      last.emit('pong');
    }
    expect([stream.log, peers.length, pongs(peers)]).to.deep.equal([[], 3, 2]);
    expect(last.pings.length).to.be.greaterThan(20);
  });

  test('is given up for ever where there are no others', () => {
    const { socket, peers } = bench({ pingInterval: 1_000, pongTimeout: 500 }, accepts());
    record(socket.subscribe$(query));
    advance(20_000);
    expect(pongs(peers)).to.be.greaterThan(8);
  });
});

describe('heartbeats at odd times on a healthy server', () => {
  const rhythms: Record<string, (peer: Parameters<Move>[0]) => void> = {
    'in the first minute only': (peer) => {
      for (let at = 5_000; at <= minute; at += 5_000)
        timer(at).subscribe(() => peer.send({ type: 'ka' }));
    },
    'four at 2 s, then every 45 s': (peer) => {
      for (let at = 2_000; at <= 8_000; at += 2_000)
        timer(at).subscribe(() => peer.send({ type: 'ka' }));
      timer(8_000, 45_000).subscribe(() => peer.send({ type: 'ka' }));
    },
    'three, and none after that': (peer) => {
      for (const at of [1_000, 2_000, 3_000]) timer(at).subscribe(() => peer.send({ type: 'ka' }));
    },
    'ten minutes of them, then ten minutes of silence': (peer) => {
      interval(10_000).subscribe((turn) => {
        if (turn % 120 < 62) peer.send({ type: 'ka' });
      });
    },
  };
  for (const [what, rhythm] of Object.entries(rhythms)) {
    const server: Move = (peer) => {
      accepts('graphql-ws')(peer);
      rhythm(peer);
    };
    test(`cost at most six connections in any hour: ${what}`, () => {
      const { socket, peers } = bench({}, server);
      const stream = record(socket.subscribe$(query));
      for (let hour = 0; hour < 4; hour += 1) {
        const before = peers.length;
        advance(60 * minute);
        expect(peers.length - Math.max(before, 1)).to.be.at.most(6);
      }
      expect(stream.log).to.deep.equal([]);
    });

    test(`cost none where it can be asked: ${what}`, () => {
      const { socket, peers } = wsBench({ pingInterval: undefined }, (peer) => {
        server(peer);
        // as `ws` on the other side answers
        interval(500).subscribe(() => {
          if (peer.pings.length > answered.get(peer)!) {
            answered.set(peer, peer.pings.length);
            peer.emit('pong');
          }
        });
        answered.set(peer, 0);
      });
      const stream = record(socket.subscribe$(query));
      advance(45 * minute);
      expect([stream.log, peers.length]).to.deep.equal([[], 1]);
    });
  }
  const answered = new WeakMap<object, number>();

  test('cost two connections where it answers no ping; then it gets those of the WebSocket', () => {
    const { socket, peers } = wsBench({ pingInterval: undefined }, (peer) => {
      accepts()(peer);
      for (let at = 2_000; at <= 8_000; at += 2_000)
        timer(at).subscribe(() => peer.send({ type: 'ping' }));
      timer(8_000, 45_000).subscribe(() => peer.send({ type: 'ping' }));
      answered.set(peer, 0);
      interval(500).subscribe(() => {
        if (peer.pings.length <= answered.get(peer)!) return;
        answered.set(peer, peer.pings.length);
        peer.emit('pong');
      });
    });
    const stream = record(socket.subscribe$(query));
    advance(30 * minute);
    expect([stream.log, peers.length]).to.deep.equal([[], 3]);
  });

  test('are found missing within the limit where nobody answers', () => {
    const { socket, peers, at } = wsBench({ pingInterval: undefined }, accepts('graphql-ws'));
    record(socket.subscribe$(query));
    advance(2);
    for (let turn = 0; turn < 4; turn += 1) {
      advance(10_000);
      at(0).send({ type: 'ka' });
    }
    advance(29_000);
    expect([peers.length, at(0).pings.length]).to.deep.equal([1, 1]);
    advance(3_000);
    expect(peers).to.have.length(2);
  });

  test('are watched as closely as before after a clock has jumped', () => {
    const { socket, peers, at } = bench({}, accepts('graphql-ws'));
    record(socket.subscribe$(query));
    advance(2);
    at(0).send({ type: 'ka' });
    // the interval of a clock that is set forward by four minutes
    advance(240_000);
    for (let turn = 0; turn < 14; turn += 1) {
      at(0).send({ type: 'ka' });
      advance(5_000);
    }
    advance(16_000);
    expect(peers.length).to.equal(2);
  });
});

describe('retry.wake', () => {
  test('in a loop causes one ping a second at most', () => {
    const wake = new Subject<void>();
    const { socket, peers } = bench(
      { pingInterval: 60_000, retry: { wake } },
      pinged(() => ({ type: 'pong' })),
    );
    record(socket.subscribe$(query));
    advance(5);
    for (let turn = 0; turn < 1_000; turn += 1) {
      wake.next();
      advance(10);
    }
    expect(pongs(peers)).to.be.within(9, 11);
  });
});
