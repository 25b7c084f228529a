import { expect } from 'chai';
import { describe } from 'mocha';
import type { Observable } from 'rxjs';
import { retry, tap } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import type { GraphQLSocket } from '../../lib/graphql-socket.js';
import { bench } from '../helpers/bench.js';
import { advance, record, test, timers } from '../helpers/test.js';

const methods: Record<string, (socket: GraphQLSocket) => Observable<unknown>> = {
  subscribe$: (socket) => socket.subscribe$('subscription { a }'),
  query$: (socket) => socket.query$('{ a }'),
  mutate$: (socket) => socket.mutate$('mutation { a }'),
  execute$: (socket) => socket.execute$('{ a }'),
  payload$: (socket) => socket.payload$('{ a }'),
  connection$: (socket) => socket.connection$,
};

describe('after close()', () => {
  for (const [name, call] of Object.entries(methods))
    test(`${name} errors with SocketDisposedError, asynchronously, and dials nothing`, () => {
      const { socket, peers } = bench();
      const made = call(socket);
      socket.close();
      for (const stream$ of [made, call(socket)]) {
        const stream = record(stream$);
        expect(stream.log).to.deep.equal([]);
        advance(0);
        expect(stream.log.map(([, ...what]) => what)).to.deep.equal([
          ['error', 'SocketDisposedError'],
        ]);
      }
      expect([peers.length, timers()]).to.deep.equal([0, 0]);
    });
});

describe('a bare retry() by the user', () => {
  const throwing = () => {
    throw new Error('mine');
  };
  const constructor = function () {
    throwing();
  } as never;
  const failing: Record<string, Partial<GraphQLSocketConfig>> = {
    'a url() that throws': { url: throwing },
    'a url() that gives no url': { url: () => 'no url' },
    'a constructor that throws': { webSocketImpl: constructor },
  };
  for (const [what, config] of Object.entries(failing))
    test(`does not overflow the stack on ${what}: three attempts, then one a second`, () => {
      const { socket } = bench(config);
      let failures = 0;
      const error = () => (failures += 1);
      record(socket.subscribe$('subscription { a }').pipe(tap({ error }), retry()));
      advance(47_000);
      expect(failures).to.equal(50);
    });
});
