import { expect } from 'chai';
import { describe } from 'mocha';
import { timer } from 'rxjs';
import { bench, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import type { Wire } from '../helpers/wire.js';
import { current, legacy, protocols } from '../helpers/wire.js';

const good = (name: string) => `subscription { ${name} }`;
const bad = 'subscription { bad syntax';
const queryOf = ({ payload }: { payload?: unknown }) => (payload as { query: string }).query;

/** Closes with `code` 1 ms after a document that it cannot read; says nothing to the others. */
const picky =
  (wire: Wire, code = 4400): Move =>
  (peer) => {
    const start = wire.subscribe('1', {}) as { type: string };
    accepts(wire.subprotocol)(peer);
    answering({
      ping: () => ({ type: 'pong' }),
      [start.type]: (message) => {
        if (queryOf(message).includes('bad')) {
          timer(1).subscribe(() => peer.close(code, 'cannot read that', true));
        }
        return undefined;
      },
    })(peer);
  };
const asked = (peer: { readonly sent: readonly { type?: unknown; payload?: unknown }[] }) =>
  peer.sent
    .filter(({ type }) => ['subscribe', 'start', 'ping'].includes(String(type)))
    .map((message) => (message.type === 'ping' ? 'ping' : queryOf(message)));

describe('a server that closes over a message', () => {
  for (const wire of protocols)
    for (const code of [4400, 4500])
      test(`with ${String(code)} ends the one operation that it can have meant, on ${wire.subprotocol}`, () => {
        const { socket, at } = bench({}, picky(wire, code));
        const old = record(socket.subscribe$(good('old')));
        advance(6_000);
        const culprit = record(socket.subscribe$(bad));
        const mean = { name: 'ConnectionClosedError', code, reason: 'cannot read that' };
        advance(1);
        expect(culprit.error).to.include(mean);
        advance(50);
        expect(asked(at(1))).to.deep.equal([good('old')]);
        at(1).send(wire.next('3', { data: 1 }));
        expect(old.log.map(([, value]) => value)).to.deep.equal([1]);
      });

  test('finds it among several: one at a time, each with a ping behind it', () => {
    const { socket, at, peers } = bench({}, picky(current));
    const old = record(socket.subscribe$(good('old')));
    advance(6_000);
    const [before, culprit, after] = [good('before'), bad, good('after')].map((query) =>
      record(socket.subscribe$(query)),
    ) as [typeof old, typeof old, typeof old];
    advance(20);
    expect(asked(at(1))).to.deep.equal([good('old'), 'ping', good('before'), 'ping', bad, 'ping']);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError', code: 4400 });
    advance(20);
    expect(asked(at(2))).to.deep.equal([
      good('old'),
      good('before'),
      'ping',
      good('after'),
      'ping',
    ]);
    advance(10_000);
    expect(peers).to.have.length(3);
    for (const { log } of [old, before, after]) expect(log).to.deep.equal([]);
    advance(10);
    expect(timers()).to.equal(0);
  });

  test('is given 200 ms for each on the legacy protocol, which has no ping', () => {
    const { socket, at } = bench({}, picky(legacy));
    record(socket.subscribe$(good('first')));
    const culprit = record(socket.subscribe$(bad));
    advance(20);
    expect(asked(at(1))).to.deep.equal([]);
    advance(200);
    expect(asked(at(1))).to.deep.equal([good('first')]);
    advance(200);
    expect(asked(at(1))).to.deep.equal([good('first'), bad]);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError', code: 4400 });
  });

  test('is given five seconds where it does not answer pings', () => {
    const { socket, at } = bench({}, (peer) => {
      picky(current)(peer);
      delete peer.replies.ping;
    });
    record(socket.subscribe$(good('first')));
    record(socket.subscribe$(bad));
    advance(5_000);
    expect(asked(at(1))).to.deep.equal(['ping']);
    advance(5_000);
    expect(asked(at(1))).to.deep.equal(['ping', good('first'), 'ping']);
  });

  test('suspects none that was answered', () => {
    const { socket, at } = bench({}, picky(current));
    const answered = record(socket.subscribe$(good('answered')));
    advance(3);
    at(0).send(current.next('1', { data: 1 }));
    const culprit = record(socket.subscribe$(bad));
    advance(1);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError' });
    expect(answered.values).to.deep.equal([1]);
  });

  test('does not say of a mutation that it has not run', () => {
    const { socket } = bench({}, picky(current, 4500));
    const mutation = record(socket.mutate$('mutation { bad }'));
    advance(10);
    expect(mutation.error).to.include({ name: 'ConnectionLostError' });
    expect(mutation.error.cause).to.include({ code: 4500 });
  });

  test('tests nobody who has left meanwhile, and no request that cannot be sent again', () => {
    const { socket, at } = bench({}, picky(legacy));
    let sends = 0;
    const variables = () => {
      if ((sends += 1) > 1) throw new Error('mine');
      return {};
    };
    const left = record(socket.subscribe$(good('left')));
    const broken = record(socket.subscribe$({ query: good('broken'), variables }));
    record(socket.subscribe$(good('kept')));
    const culprit = record(socket.subscribe$(bad));
    advance(20);
    left.unsubscribe();
    advance(200);
    expect(broken.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    advance(200);
    expect(asked(at(1))).to.deep.equal([good('kept')]);
    advance(200);
    expect(culprit.error).to.include({ code: 4400 });
  });

  test('is a protocol fault when nothing was sent that it can mean: the third within a minute is final', () => {
    const { socket, at, peers } = bench();
    const stream = record(socket.subscribe$(good('old')));
    for (const turn of [0, 1, 2]) {
      advance(7_000);
      at(turn).close(4400, 'for nothing', true);
    }
    advance(0);
    expect(stream.error).to.include({ name: 'ConnectionClosedError', code: 4400 });
    advance(10_000);
    expect(peers).to.have.length(3);
  });

  test('before the ack is lost like any other', () => {
    const { socket, peers } = bench({ retry: { delay: 1_000 } }, (peer) => {
      timer(1).subscribe(() => {
        peer.open();
        timer(1).subscribe(() => peer.close(4400, 'too early', true));
      });
    });
    const stream = record(socket.subscribe$(good('a')));
    advance(30_000);
    expect(stream.log).to.deep.equal([]);
    expect(peers.length).to.be.greaterThan(20);
    stream.unsubscribe();
    advance(5);
    expect(timers()).to.equal(0);
  });

  test('leaves nothing behind when the socket is closed in the midst of it', () => {
    const { socket, at } = bench({}, picky(legacy));
    const streams = [good('a'), bad, good('b')].map((query) => record(socket.subscribe$(query)));
    advance(100);
    socket.close();
    advance(3_000);
    expect(streams.map(({ log }) => log.at(-1)?.[1])).to.deep.equal(streams.map(() => 'complete'));
    expect(asked(at(1))).to.deep.equal([]);
    expect(timers()).to.equal(0);
  });

  test('takes no other pong for the one that settles it: a pong to an earlier ping, a ping of the WebSocket', () => {
    const slow: Move = (peer) => {
      accepts()(peer);
      answering({
        subscribe: (message) => {
          if (!queryOf(message).includes('bad')) return undefined;
          timer(20).subscribe(() => peer.emit('ping'));
          timer(50).subscribe(() => peer.close(4400, 'cannot read that', true));
          return undefined;
        },
        ping: () => {
          timer(60).subscribe(() => peer.send({ type: 'pong' }));
          return undefined;
        },
      })(peer);
    };
    const { socket } = wsBench({ pingInterval: 55, pongTimeout: false }, slow);
    const culprit = record(socket.subscribe$(bad));
    const innocent = [good('a'), good('b')].map((query) => record(socket.subscribe$(query)));
    advance(5_000);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError', code: 4400 });
    for (const { log } of innocent) expect(log).to.deep.equal([]);
  });

  test('does not blame the one that is tested for one that was sent beside it', () => {
    const { socket, at } = bench({}, picky(legacy));
    const [first, second] = [good('first'), good('second')].map((query) =>
      record(socket.subscribe$(query)),
    ) as [ReturnType<typeof record>, ReturnType<typeof record>];
    advance(5);
    at(0).close(4400, 'one of them', true);
    // the first is under test
    advance(250);
    const culprit = record(socket.subscribe$(bad));
    advance(2_000);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError' });
    for (const { log } of [first, second]) expect(log).to.deep.equal([]);
  });
});
