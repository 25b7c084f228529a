import { expect } from 'chai';
import { describe } from 'mocha';
import { timer } from 'rxjs';
import { bench, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts, answering } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';

/** Answers `connection_init` with these frames, and then with a close. */
const refusing =
  (code: number, reason = 'not you', ...frames: readonly unknown[]): Move =>
  (peer) => {
    timer(1).subscribe(() => peer.open());
    answering({
      connection_init: () => {
        timer(1).subscribe(() => {
          peer.send(...frames);
          peer.close(code, reason, true);
        });
        return undefined;
      },
    })(peer);
  };

describe('a close in answer to connection_init', () => {
  for (const code of [4500, 4400, 1011, 1005, 1000])
    test(`with ${code} is final the third time in a row, after 3 s at the earliest`, () => {
      const { socket, peers } = bench({ retry: { delay: 1_600 } }, refusing(code));
      const stream = record(socket.subscribe$(query));
      const status = record(socket.status$);
      advance(3_000);
      expect([stream.log, peers.length]).to.deep.equal([[], 2]);
      expect(status.values.at(-1)).to.have.nested.property('error.name', 'ConnectionClosedError');
      advance(1_000);
      expect(stream.error).to.include({ name: 'HandshakeError', kind: 'rejected' });
      expect(stream.error.message).to.include(`${code} not you`);
      expect([peers.length, timers()]).to.deep.equal([3, 0]);
    });

  test('passes as long as the three come within 3 s, and whatever fails between them', () => {
    const scripts = [refusing(4500), refusing(1006), refusing(4500), refusing(4500), accepts()];
    const { socket, at } = bench({ retry: { delay: 10 } }, ...scripts);
    const stream = record(socket.subscribe$(query));
    advance(2_900);
    at(4).send(current.next('1', { data: 1 }));
    expect(stream.values).to.deep.equal([1]);
    stream.unsubscribe();
  });

  test('is the same error where no further attempt is allowed', () => {
    for (const retry of [false, { count: 1, delay: 10 }] as const) {
      const stream = record(bench({ retry }, refusing(1011)).socket.subscribe$(query));
      advance(2_000);
      expect(stream.error).to.include({ name: 'HandshakeError', kind: 'rejected' });
      expect(stream.error.message).to.include('1011 not you');
    }
  });

  test('asks for fresh values each time, does not count as refused credentials, and shouldRetry has the last word', () => {
    let asked = 0;
    const said: unknown[] = [];
    const shouldRetry = ({ name }: Error, byDefault: boolean) => {
      said.push(name, byDefault);
      return said.length < 10;
    };
    const { socket } = bench(
      { connectionParams: () => ({ asked: (asked += 1) }), retry: { delay: 1_600, shouldRetry } },
      refusing(4500),
    );
    const stream = record(socket.subscribe$(query));
    advance(20_000);
    expect(asked).to.equal(5);
    const passing = ['ConnectionClosedError', true];
    const final = ['HandshakeError', false];
    expect(said).to.deep.equal([passing, passing, final, final, final].flat());
    expect(stream.error).to.include({ name: 'HandshakeError' });
  });

  test('is a loss like any other once there has been a connection', () => {
    const { socket, at, peers } = bench({ retry: { delay: 1_600 } }, accepts(), refusing(4500));
    const stream = record(socket.subscribe$(query));
    advance(3);
    at(0).close(1001);
    advance(20_000);
    expect([stream.log, peers.length > 8]).to.deep.equal([[], true]);
    stream.unsubscribe();
  });

  test('tells what the server had said before', () => {
    const frame = { type: 'error', payload: { message: 'token\nexpired' } };
    const stream = record(
      bench({ retry: false }, refusing(4500, '', frame)).socket.subscribe$(query),
    );
    advance(20);
    expect(stream.error.message).to.match(/closed with 4500; the server sent .*token.*expired/);
  });
});

describe('in place of an ack', () => {
  for (const [what, payload, text] of [
    [
      "AppSync's errors",
      { errors: [{ message: 'UnauthorizedException' }] },
      'UnauthorizedException',
    ],
    ['a message', { message: 'no' }, 'no'],
    ['a string', 'never', 'never'],
  ] as const)
    test(`the reason of connection_error is told: ${what}`, () => {
      const { socket } = bench({ retry: false }, (peer) => {
        timer(1).subscribe(() => peer.open());
        answering({ connection_init: () => ({ type: 'connection_error', payload }) })(peer);
      });
      const stream = record(socket.subscribe$(query));
      advance(10);
      expect(stream.error).to.include({ name: 'HandshakeError', kind: 'rejected' });
      expect(stream.error.message).to.equal(`connection rejected by the server: ${text}`);
    });

  for (const wire of protocols)
    test(`a message that means nothing is told when the time is over, on ${wire.subprotocol}`, () => {
      const { socket, at } = bench({ retry: false, ackTimeout: 50 }, (peer) => {
        timer(1).subscribe(() => peer.open(wire.subprotocol));
        answering({ connection_init: () => ({ type: 'error', payload: 'who?' }) })(peer);
      });
      const stream = record(socket.subscribe$(query));
      advance(100);
      const message =
        'no connection_ack within 50 ms (milliseconds); the server sent {"type":"error","payload":"who?"}';
      expect(stream.error).to.include({ name: 'HandshakeError', kind: 'timeout', message });
      const code = wire.subprotocol === 'graphql-transport-ws' ? 4504 : 1000;
      expect(at(0).closes[0]).to.include({ code });
    });
});

describe('a subprotocol that the server selects and does not speak', () => {
  for (const [what, wire, replies] of [
    ['an error without an id to each message', current, [{ type: 'error', payload: 'what?' }]],
    [
      'results of the other protocol',
      current,
      [{ type: 'ka' }, { type: 'data', id: '1', payload: {} }],
    ],
  ] as const)
    test(`is a final error: ${what}`, () => {
      const { socket, peers } = bench({}, (peer) => {
        accepts(wire.subprotocol)(peer);
        answering({
          subscribe: () => {
            timer(1).subscribe(() => peer.send(...replies));
            return undefined;
          },
        })(peer);
      });
      const streams = [1, 2, 3].map(() => record(socket.subscribe$(query)));
      advance(10);
      for (const { error } of streams) {
        expect(error).to.include({ name: 'HandshakeError', kind: 'subprotocol' });
        expect(error.message).to.include(JSON.stringify(replies.at(-1)));
      }
      advance(5_000);
      expect([peers.length, timers()]).to.deep.equal([1, 0]);
    });

  test('is none if anything was understood, or nothing was asked for', () => {
    const stray = [1, 2, 3, 4].map(() => ({ type: 'error', payload: 'what?' }));
    const { socket, at, peers } = bench();
    const holder = record(socket.connection$);
    advance(3);
    at(0).send(...stray);
    const stream = record(socket.subscribe$(query));
    at(0).send(...stray.slice(2), current.next('1', { data: 1 }), ...stray);
    advance(10);
    expect([stream.values, peers.length]).to.deep.equal([[1], 1]);
    holder.unsubscribe();
    stream.unsubscribe();
  });

  test('is refused before a dial if nobody speaks it: subprotocols without a codec', () => {
    expect(() => bench({ subprotocols: ['graphql'] })).to.throw('names none that is spoken');
    const { socket, peers } = bench({ subprotocols: () => ['graphql'] });
    const stream = record(socket.subscribe$(query));
    advance(10);
    expect(stream.error).to.include({ name: 'ConfigurationError', option: 'subprotocols' });
    expect(peers).to.have.length(0);
    for (const subprotocols of [[], ['graphql', 'graphql-ws']])
      expect(() => bench({ subprotocols })).not.to.throw();
  });
});

describe('a server that answers two names with HTTP 400', () => {
  test('is offered each of them, with the others that were asked for', () => {
    const offers: string[] = [];
    const { socket } = wsBench(
      { subprotocols: ['graphql-transport-ws', 'graphql-ws', 'header-abc'] },
      (peer) => {
        offers.push(peer.offered.join());
        if (peer.offered.length > 2) {
          timer(1).subscribe(() => {
            peer.emit('unexpected-response', {}, { statusCode: 400, headers: {} });
            peer.fail();
          });
        } else accepts('graphql-transport-ws')(peer);
      },
    );
    const stream = record(socket.subscribe$(query));
    advance(10);
    expect(offers).to.deep.equal([
      'graphql-transport-ws,graphql-ws,header-abc',
      'graphql-transport-ws,header-abc',
    ]);
    expect(record(socket.status$).values.at(-1)).to.include({ state: 'connected' });
    stream.unsubscribe();
  });
});
