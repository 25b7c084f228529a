import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Observable } from 'rxjs';
import { firstValueFrom, lastValueFrom, retry, Subject, takeUntil, tap } from 'rxjs';
import type { GraphQLSocket } from '../../lib/graphql-socket.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
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
  /** Retries without a pause, in real time, until it has failed so often; a synchronous error would never get there. */
  const hammered = async (stream$: Observable<unknown>) => {
    const enough$ = new Subject<void>();
    let failures = 0;
    const error = () => {
      failures += 1;
      if (failures === 50) enough$.next();
    };
    await lastValueFrom(stream$.pipe(tap({ error }), retry(), takeUntil(enough$)), {
      defaultValue: undefined,
    });
    expect(failures).to.equal(50);
  };
  /** The same in virtual time: after three attempts in a burst there is one a second. */
  const hammeredSlowly = (stream$: Observable<unknown>) => {
    let failures = 0;
    const error = () => {
      failures += 1;
    };
    const hammering = record(stream$.pipe(tap({ error }), retry()));
    advance(47_000);
    expect(failures).to.equal(50);
    hammering.unsubscribe();
  };
  const url = 'ws://127.0.0.1:9/';

  for (const [name, call] of Object.entries(methods))
    it(`does not overflow the stack on ${name} of a closed socket object`, async () => {
      const socket = graphqlSocket({ url });
      socket.close();
      await hammered(call(socket));
    });

  it('does not overflow the stack on a request that cannot be sent', async () => {
    const socket = graphqlSocket({ url });
    await hammered(socket.subscribe$(''));
    await hammered(socket.query$({ query: 7 } as never));
  });

  test('does not overflow the stack on a url() that throws, nor on one that is none', () => {
    const throwing = graphqlSocket({
      url: () => {
        throw new Error('no url');
      },
    });
    hammeredSlowly(throwing.subscribe$('subscription { a }'));
    const bad = graphqlSocket({ url: () => 'no url' });
    hammeredSlowly(bad.subscribe$('subscription { a }'));
  });

  test('does not overflow the stack on a constructor that throws', () => {
    const webSocketImpl = function () {
      throw new Error('none here');
    } as never;
    const socket = graphqlSocket({ url, webSocketImpl });
    hammeredSlowly(socket.subscribe$('subscription { a }'));
  });

  it('does not overflow the stack on variables that cannot be serialised, while connected', async () => {
    const { socket } = bench();
    const holder = socket.connection$.subscribe();
    await firstValueFrom(socket.connection$);
    const bad$ = socket.query$({ query: '{ a }', variables: { n: 1n } });
    await hammered(bad$);
    holder.unsubscribe();
    socket.close();
  });
});
