import { expect } from 'chai';
import { describe } from 'mocha';
import { retry, timer } from 'rxjs';
import { bench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering } from '../helpers/scripted.js';
import type { Recording } from '../helpers/virtually.js';
import { advance, record, test, timers } from '../helpers/test.js';
import type { Wire } from '../helpers/wire.js';
import { current, legacy, protocols } from '../helpers/wire.js';

const good = (name: string) => `subscription { ${name} }`;
const bad = 'subscription { bad syntax';
const queryOf = ({ payload }: { payload?: unknown }) => (payload as { query: string }).query;

/** Closes with `code` so many ms after a document that it cannot read; says nothing to the others, and answers pings at once. */
const picky =
  (wire: Wire, code = 4400, ms = 1): Move =>
  (peer) => {
    const start = wire.subscribe('1', {}) as { type: string };
    accepts(wire.subprotocol)(peer);
    answering({
      ping: () => ({ type: 'pong' }),
      [start.type]: (message) => {
        if (queryOf(message).includes('bad')) {
          timer(ms).subscribe(() => peer.close(code, 'cannot read that', code !== 1006));
        }
        return undefined;
      },
    })(peer);
  };
const asked = (peer: { readonly sent: readonly { type?: unknown; payload?: unknown }[] }) =>
  peer.sent.filter(({ type }) => type === 'subscribe' || type === 'start').map(queryOf);
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => good(`${prefix}${index}`));

describe('a server that closes over one message', () => {
  for (const wire of protocols)
    for (const code of [4400, 4500])
      test(`with ${code} ends the one operation that it can have meant, on ${wire.subprotocol}`, () => {
        const { socket, at } = bench({}, picky(wire, code));
        const old = record(socket.subscribe$(good('old')));
        advance(6_000);
        const culprit = record(socket.subscribe$(bad));
        advance(1);
        const mean = { name: 'ConnectionClosedError', code, reason: 'cannot read that' };
        expect(culprit.error).to.include(mean);
        advance(50);
        expect(asked(at(1))).to.deep.equal([good('old')]);
        at(1).send(wire.next('3', { data: 1 }));
        expect(old.values).to.deep.equal([1]);
        old.unsubscribe();
      });

  for (const wire of protocols)
    for (const [code, ms] of [
      [4400, 1],
      [4500, 300],
      [1009, 1],
      [1011, 1],
      [1011, 2_000],
      [1006, 1],
      [4999, 1],
    ] as const)
      for (const place of [0, 1, 3])
        test(`with ${code} after ${ms} ms harms no neighbour of number ${place}, on ${wire.subprotocol}`, () => {
          const { socket, live, peers } = bench({}, picky(wire, code, ms));
          const queries = names('good', 3);
          queries.splice(place, 0, bad);
          const streams = queries.map((query) => record(socket.subscribe$(query)));
          advance(60_000);
          const [culprit] = streams.splice(place, 1);
          expect(culprit?.error).to.include({ name: 'ConnectionClosedError', code });
          expect(live().flatMap(asked)).to.have.members(names('good', 3));
          expect(peers.length).to.be.lessThan(12);
          for (const stream of streams) {
            expect(stream.log).to.deep.equal([]);
            stream.unsubscribe();
          }
          advance(5);
          expect(timers()).to.equal(0);
        });

  for (const wire of protocols)
    for (const [title, culprits] of [
      ['one', [77]],
      ['two', [3, 150]],
    ] as const)
      test(`brings 200 silent operations back within 15 s of ${title} that it refuses, on ${wire.subprotocol}`, () => {
        const { socket, live } = bench({}, picky(wire, 4500));
        const queries = names('good', 200);
        for (const place of culprits) queries[place] = `${bad} ${place}`;
        const streams = queries.map((query) => record(socket.subscribe$(query)));
        advance(15_000 * culprits.length);
        const errors = streams.flatMap(({ log }, index) => (log.length > 0 ? [index] : []));
        expect(errors).to.deep.equal(culprits);
        expect(live().flatMap(asked)).to.have.length(200 - culprits.length);
        socket.close();
      });

  test('with 1009 means the largest message first', () => {
    const { socket, at } = bench({}, picky(current, 1009));
    const large = `subscription { bad ${'field '.repeat(50)}}`;
    const streams = [...names('good', 7), large].map((query) => record(socket.subscribe$(query)));
    advance(3_000);
    expect(asked(at(2))).to.deep.equal([large]);
    expect(streams.at(-1)?.error).to.include({ code: 1009 });
    socket.close();
  });

  test('with 1009 is found among variables that only the replacer can write', () => {
    const jsonReplacer = (_key: string, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value;
    const { socket, live } = bench({ jsonReplacer }, picky(current, 1009));
    const streams = [good('a'), bad].map((query) =>
      record(socket.subscribe$({ query, variables: { n: 1n } })),
    );
    advance(20_000);
    expect(streams.map(({ log }) => log.length)).to.deep.equal([0, 1]);
    expect(live().flatMap(asked)).to.deep.equal([good('a')]);
  });

  test('with 1009 harms no neighbour, however often it is subscribed again', () => {
    const { socket } = bench({}, picky(current, 1009));
    const neighbour = record(socket.subscribe$(good('a')));
    const culprit = record(socket.subscribe$(bad).pipe(retry({ delay: 5_000, count: 6 })));
    advance(120_000);
    expect(neighbour.log).to.deep.equal([]);
    expect(culprit.error).to.include({ code: 1009 });
  });

  test('is found among more operations than one turn tells', () => {
    const { socket, live } = bench({}, picky(current, 4500));
    const early = names('early', 1_000).map((query) => record(socket.subscribe$(query)));
    advance(6_000);
    const late = [...names('late', 300), bad].map((query) => record(socket.subscribe$(query)));
    advance(30_000);
    expect(late.at(-1)?.error).to.include({ code: 4500 });
    expect([...early, ...late].filter(({ log }) => log.length > 0)).to.have.length(1);
    expect(live().flatMap(asked)).to.have.length(1_300);
  });

  test('suspects none that was answered, and tests those first that never were', () => {
    const { socket, at } = bench({}, picky(current));
    const answered = record(socket.subscribe$(good('answered')));
    advance(3);
    at(0).send(current.next('1', { data: 1 }));
    const silent = record(socket.subscribe$(good('silent')));
    advance(1);
    at(0).close(1001);
    advance(20);
    const culprit = record(socket.subscribe$(bad));
    advance(50);
    expect(asked(at(2))).to.deep.equal([good('silent'), bad]);
    advance(4_000);
    expect(culprit.error).to.include({ code: 4400 });
    for (const stream of [answered, silent]) {
      expect(stream.error).to.equal(undefined);
      stream.unsubscribe();
    }
  });

  test('with several that it cannot read costs each of these, and no other', () => {
    const { socket, live: sockets } = bench({}, picky(current, 4500));
    const queries = [`${bad} 1`, ...names('good', 3), `${bad} 2`, good('last')];
    const streams = queries.map((query) => record(socket.subscribe$(query)));
    advance(30_000);
    expect(streams.map(({ log }) => log.length > 0)).to.deep.equal(
      queries.map((query) => query.startsWith(bad)),
    );
    expect(sockets().flatMap(asked)).to.have.length(4);
    socket.close();
  });

  test('over an operation that came in the midst of the search harms none of those under test', () => {
    const { socket, at } = bench({}, picky(legacy));
    const streams = names('good', 2).map((query) => record(socket.subscribe$(query)));
    advance(5);
    at(0).close(4400, 'one of them', true);
    advance(250);
    const culprit = record(socket.subscribe$(bad));
    advance(20_000);
    expect(culprit.error).to.include({ name: 'ConnectionClosedError' });
    expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
    socket.close();
  });

  for (const code of [1011, 4500])
    test(`with ${code} over an operation that came before the first test is found, too`, () => {
      const { socket, at, live } = bench({ retry: { delay: 10 } }, picky(current, code));
      const streams = names('good', 2).map((query) => record(socket.subscribe$(query)));
      for (const turn of [0, 1]) {
        advance(15);
        at(turn).close(1011, 'over nothing', true);
      }
      advance(30);
      const culprit = record(socket.subscribe$(bad));
      advance(30_000);
      expect(culprit.error).to.include({ code });
      expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
      expect(live().flatMap(asked)).to.have.members(names('good', 2));
    });

  test('later than it seemed at first is found all the same', () => {
    const { socket } = bench({}, picky(current, 4500, 3_000));
    const culprit = record(socket.subscribe$(bad));
    advance(2_999);
    const streams = names('good', 4).map((query) => record(socket.subscribe$(query)));
    advance(120_000);
    expect(culprit.error).to.include({ code: 4500 });
    expect(streams.map(({ log }) => log)).to.deep.equal([[], [], [], []]);
    socket.close();
  });

  test('obeys the dial limit alone while it is searched: no delay, no count, no fault', () => {
    const retry = { count: 1, delay: 60_000 };
    const { socket, live } = bench({ retry }, picky(current, 4500));
    const streams = [...names('good', 15), bad].map((query) => record(socket.subscribe$(query)));
    advance(10_000);
    expect(streams.filter(({ log }) => log.length > 0)).to.have.length(1);
    expect(live().flatMap(asked)).to.have.length(15);
    socket.close();
  });

  test('says why, also where the operation may have run', () => {
    for (const stream of ['mutate$', 'execute$'] as const) {
      const { socket } = bench({}, picky(current, 4500));
      const { error } = recordAfter(record(socket[stream]('{ bad syntax')), advance);
      expect(error).to.include({ name: 'ConnectionLostError' });
      expect(error.message).to.include('4500 cannot read that');
    }
  });

  test('is not searched for where nothing is dialled again', () => {
    for (const retry of [false, { count: 0 }] as const) {
      const { socket, peers } = bench({ retry }, picky(current, 4500));
      const streams = [good('a'), bad].map((query) => record(socket.subscribe$(query)));
      advance(20);
      for (const { error } of streams) expect(error).to.include({ code: 4500 });
      expect(peers).to.have.length(1);
    }
  });

  test('tests nobody who has left meanwhile, and no request that cannot be sent again', () => {
    const { socket, at } = bench({}, picky(legacy));
    let sends = 0;
    const variables = () => {
      if ((sends += 1) > 1) throw new Error('mine');
      return {};
    };
    const [left, kept, culprit] = [good('left'), good('kept'), bad].map((query) =>
      record(socket.subscribe$(query)),
    );
    const broken = record(socket.subscribe$({ query: good('broken'), variables }));
    advance(4);
    left?.unsubscribe();
    advance(10_000);
    expect(broken.error).to.include({ name: 'ConfigurationError', option: 'variables' });
    expect(culprit?.error).to.include({ code: 4400 });
    expect(asked(at(1))).not.to.include(good('left'));
    kept?.unsubscribe();
    advance(5);
    expect(timers()).to.equal(0);
  });

  test('over an operation that was left in that moment costs nobody anything', () => {
    const { socket, peers } = bench({}, picky(current, 4500));
    const stream = record(socket.subscribe$(good('old')));
    for (let turn = 0; turn < 5; turn += 1) {
      advance(6_000);
      record(socket.subscribe$(bad)).unsubscribe();
    }
    advance(60_000);
    expect([stream.log, peers.length]).to.deep.equal([[], 6]);
    stream.unsubscribe();
  });

  test('for no message at all commits a protocol fault: the third within a minute is final', () => {
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
    const lost = (peer: Parameters<Move>[0]) => {
      timer(1).subscribe(() => {
        peer.open();
        timer(1).subscribe(() => peer.close(1011, 'too early', true));
      });
    };
    const { socket, peers } = bench({ retry: { delay: 1_000 } }, accepts(), lost);
    const stream = record(socket.subscribe$(good('a')));
    advance(3);
    peers[0]?.close(1001);
    advance(30_000);
    expect(stream.log).to.deep.equal([]);
    expect(peers.length).to.be.greaterThan(20);
    stream.unsubscribe();
    advance(5);
    expect(timers()).to.equal(0);
  });

  test('leaves nothing behind when the socket is closed in the midst of the search', () => {
    const { socket, at } = bench({}, picky(legacy));
    const queries = [bad, ...names('good', 3)];
    const streams = queries.map((query) => record(socket.subscribe$(query)));
    advance(50);
    socket.close();
    advance(3_000);
    expect(streams.map(({ log }) => log.at(-1)?.[1])).to.deep.equal(streams.map(() => 'complete'));
    expect(at(2).sent.filter(({ type }) => type === 'stop').length).to.equal(asked(at(2)).length);
    expect(timers()).to.equal(0);
  });
});

describe('a server that closes whatever it is sent', () => {
  test('costs three operations, and nobody is blamed for the next minute', () => {
    const { socket } = bench({ retry: { delay: 1_000 } }, picky(current, 4500));
    const streams = names('bad', 10).map((query) => record(socket.subscribe$(query)));
    const failed = () => streams.filter(({ log }) => log.length > 0).length;
    advance(50_000);
    expect(failed()).to.equal(3);
    advance(60_000);
    expect(failed()).to.be.within(4, 6);
    socket.close();
  });

  for (const code of [1000, 1001, 1005, 1012, 1013, 1014, 4408])
    test(`with ${code} accuses nobody`, () => {
      const { socket, peers } = bench({ retry: { delay: 1_000 } }, picky(current, code));
      const streams = [good('a'), bad].map((query) => record(socket.subscribe$(query)));
      advance(30_000);
      expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
      for (const peer of peers.slice(0, -1)) expect(asked(peer)).to.have.length(2);
      socket.close();
    });

  test('uses up the count, though new operations come in the midst of a search', () => {
    const { socket, peers } = bench({ retry: { delay: 10, count: 8 } }, (peer) => {
      accepts()(peer);
      timer(500).subscribe(() => peer.close(1006));
    });
    const stream = record(socket.subscribe$(good('a')));
    const others = timer(0, 1_000).subscribe(() => record(socket.subscribe$(good('b'))));
    advance(4_400);
    others.unsubscribe();
    advance(60_000);
    expect(stream.error).to.include({ code: 1006 });
    expect(peers.length).to.be.lessThan(20);
  });

  for (const code of [1006, 1011])
    test(`with ${code} whether it was sent anything or not is at fault itself`, () => {
      const { socket, peers } = bench({ retry: { delay: 100 } }, (peer) => {
        accepts()(peer);
        timer(10).subscribe(() => peer.close(code, '', code !== 1006));
      });
      const streams: readonly Recording<unknown>[] = [good('a'), good('b')].map((query) =>
        record(socket.subscribe$(query)),
      );
      advance(120_000);
      expect(streams.map(({ log }) => log)).to.deep.equal([[], []]);
      expect(peers.length).to.be.within(60, 130);
      socket.close();
    });
});

function recordAfter<T>(recording: Recording<T>, advance: (ms: number) => void): Recording<T> {
  advance(10);
  return recording;
}
