import { expect } from 'chai';
import { describe } from 'mocha';
import { timer } from 'rxjs';
import { bench, wsBench } from '../helpers/bench.js';
import type { Move, Script } from '../helpers/scripted.js';
import { accepts, fails } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { init, legacy } from '../helpers/wire.js';

const subscription = { query: 'subscription { a }' };
const both = ['graphql-transport-ws', 'graphql-ws'];
const old = ['graphql-ws'];

/** Opens 1 ms after the dial, and closes 1 ms later: at once for any offer but the legacy one. */
const stock =
  (code: number): Script =>
  (socket) => {
    if (socket.offered[0] === 'graphql-ws') accepts()(socket);
    else closing(code)(socket);
  };
const closing =
  (code: number): Move =>
  (socket) => {
    timer(1).subscribe(() => socket.open());
    timer(2).subscribe(() => socket.close(code));
  };
const offers = (peers: readonly { readonly offered: readonly string[] }[]) =>
  peers.map(({ offered }) => offered);

describe('a server that echoes the first offer and speaks legacy alone', () => {
  for (const code of [1002, 4406, 1006])
    test(`is dialled once more, at once, with the legacy name alone (${String(code)})`, () => {
      let asked = 0;
      const url = () => `ws://peer/${String((asked += 1))}`;
      const { socket, peers, at } = bench({ url, retry: false }, stock(code));
      record(socket.subscribe$(subscription));
      const states = record(socket.status$);
      advance(4);
      expect(offers(peers)).to.deep.equal([both, old]);
      expect(peers.map(({ url }) => url)).to.deep.equal(['ws://peer/1', 'ws://peer/1']);
      expect(at(1).dialledAt).to.equal(2);
      expect(at(1).sent).to.deep.equal([init, legacy.subscribe('1', subscription)]);
      expect(states.values.map(({ state }) => state)).to.deep.equal(['connecting', 'connected']);
      expect(asked).to.equal(1);
    });

  const again = (code: number, later: readonly (readonly string[])[]) => () => {
    const { socket, peers } = bench({}, stock(code));
    for (let run = 0; run < 3; run += 1) connectOnce(socket);
    expect(offers(peers)).to.deep.equal([both, old, ...later]);
  };
  test('is remembered after 1002', again(1002, [old, old]));
  test('is remembered after 4406', again(4406, [old, old]));
  test('is remembered after 1006 the second time running', again(1006, [both, old, old]));

  test('is asked anew when what was remembered is refused in its turn', () => {
    const { socket, peers } = bench({}, closing(1002), accepts(), closing(1002), accepts());
    connectOnce(socket);
    record(socket.subscribe$(subscription));
    advance(20);
    expect(offers(peers)).to.deep.equal([both, old, old, both]);
  });

  test('is remembered over a dial that nobody answered, and not over an HTTP answer', () => {
    const answer: Move = (peer) => {
      timer(1).subscribe(() => {
        peer.emit('unexpected-response', {}, { statusCode: 503, headers: {} });
      });
    };
    for (const [script, later] of [
      [() => undefined, [old, old]],
      [fails(Object.assign(new Error('reset'), { code: 'ECONNRESET' })), [old, old]],
      [answer, [old, both]],
    ] as [Script, string[][]][]) {
      const scripts = [closing(1002), accepts('graphql-ws'), script, accepts('graphql-ws')];
      const { socket, peers, at } = wsBench({ connectTimeout: 20 }, ...scripts);
      const stream = record(socket.subscribe$(subscription));
      advance(10);
      at(1).close(1012);
      advance(2_000);
      expect(offers(peers)).to.deep.equal([both, old, ...later]);
      stream.unsubscribe();
    }
  });

  test('uses up one attempt when the second dial fails, too', () => {
    const { socket, peers } = bench({ retry: { delay: 10, count: 1 } }, closing(1002));
    const stream = record(socket.subscribe$(subscription));
    advance(1_100);
    expect(offers(peers)).to.deep.equal([both, old, both, old]);
    // the fourth dial had to wait for its turn
    expect(peers.map(({ dialledAt }) => dialledAt)).to.deep.equal([0, 2, 14, 1_000]);
    expect(stream.log).to.deep.equal([[1_002, 'error', 'ConnectionClosedError']]);
    expect(stream.error).to.include({ code: 1002 });
  });

  test('may have been a drop of the network: what the second dial comes to without a word means nothing', () => {
    const refuses: Move = (socket) => {
      accepts('graphql-ws', undefined, { type: 'connection_error', payload: 'no' })(socket);
    };
    for (const [second, expected] of [
      [closing(4406), { name: 'ConnectionClosedError', code: 1006 }],
      [refuses, { name: 'HandshakeError', kind: 'rejected' }],
    ] as const) {
      const { socket, peers } = bench({ retry: false }, closing(1006), second);
      const stream = record(socket.subscribe$(subscription));
      advance(10);
      expect(offers(peers)).to.deep.equal([both, old]);
      expect(stream.error).to.include(expected);
    }
  });

  test('is fatal with 4406 when it refuses the legacy name as well', () => {
    const { socket, peers } = bench({}, closing(4406));
    const stream = record(socket.subscribe$(subscription));
    advance(100);
    expect(offers(peers)).to.deep.equal([both, old]);
    expect(stream.error).to.include({ name: 'ConnectionClosedError', code: 4406 });
  });

  test('is not suspected after its first message, after another code, nor where legacy is not wanted', () => {
    const talks: Move = (peer) => {
      closing(1002)(peer);
      timer(1).subscribe(() => peer.send({ type: 'ping' }));
    };
    for (const [script, subprotocols] of [
      [talks, both],
      [closing(1001), both],
      [closing(1002), ['graphql-transport-ws']],
      [closing(1002), old],
    ] as const) {
      const { socket, peers } = bench({ subprotocols, retry: { delay: 50 } }, script);
      const stream = record(socket.subscribe$(subscription));
      advance(40);
      expect(peers).to.have.length(1);
      stream.unsubscribe();
      advance(1);
    }
  });
});

describe('a server that selects nothing', () => {
  const silent: Move = (socket) => {
    if (socket.offered.length === 0) accepts('')(socket);
    else timer(1).subscribe(() => fails(new Error('Server sent no subprotocol'))(socket));
  };

  test('is spoken to in the current protocol where legacy was not offered', () => {
    const { socket, peers, at } = wsBench({ subprotocols: ['graphql-transport-ws'] }, silent);
    record(socket.subscribe$(subscription));
    advance(4);
    expect(offers(peers)).to.deep.equal([['graphql-transport-ws'], []]);
    expect(at(1).sent[1]).to.include({ type: 'subscribe' });
  });
});

describe('the offer', () => {
  test('is what the user wants, with names that are no protocol of ours, and resolved like the url', () => {
    const subprotocols = ['graphql-ws', 'header-secret'];
    for (const given of [subprotocols, () => subprotocols]) {
      const { socket, at } = bench({ subprotocols: given });
      const stream = record(socket.subscribe$(subscription));
      advance(2);
      expect(at(0).offered).to.deep.equal(subprotocols);
      expect(at(0).sent[1]).to.include({ type: 'start' });
      stream.unsubscribe();
      advance(1);
    }
  });
});

/** Connects, and lets go again. */
function connectOnce(socket: ReturnType<typeof bench>['socket']) {
  const connections = record(socket.connection$);
  advance(4);
  expect(connections.values).to.have.length(1);
  connections.unsubscribe();
  // a connection without a result is not excused from the limit of dials
  advance(4_000);
}
