import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import {
  concatMap,
  config,
  firstValueFrom,
  fromEvent,
  lastValueFrom,
  map,
  NEVER,
  range,
  take,
  takeUntil,
  tap,
  timeout,
  toArray,
} from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import { WebSocket } from 'ws';
import { eventually } from '../../helpers/eventually.js';
import { acknowledge, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import {
  countdown,
  countdownClosingAt,
  countdownFrom,
  numbers$,
  numbersFrom,
  type Countdown,
} from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';
import { init, protocols } from '../../helpers/wire.js';

const all = numbersFrom(10);
const query = countdownFrom(10);

for (const { subprotocol, subscribe, next, stop, goodbye } of protocols)
  describe(`gql parity: subscriptions over ${subprotocol}`, () => {
    const start = useParity(subprotocol);

    it('AS1, GS1 emits every result in order, and completes when the server does', async () => {
      const { server, socket } = await start({ handle: countdown(2) });
      expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
      expect((await server.ledger.until('closed')).code).to.equal(1000);
      const sent = [init, subscribe('1', { query }), ...goodbye];
      expect(server.ledger.messages).to.deep.equal(sent);
    });

    it('AS2 execute$ emits whole results', async () => {
      const { socket } = await start({ handle: countdown(2) });
      const results = await lastValueFrom(socket.execute$<Countdown>(query).pipe(toArray()));
      expect(results).to.deep.equal(all.map((number) => ({ data: { number } })));
    });

    for (const count of [1, 6])
      it(`AS3, GS2, X13 unsubscribing at value ${count} ends the operation on the wire`, async () => {
        const { server, socket } = await start({ handle: countdown(2) });
        const numbers = await lastValueFrom(numbers$(socket, 10).pipe(take(count), toArray()));
        expect(numbers).to.deep.equal(all.slice(0, count));
        expect((await server.ledger.until('closed')).code).to.equal(1000);
        expect(server.ledger.messages.slice(2)).to.deep.equal([stop('1'), ...goodbye]);
        expect(server.ledger.operations).to.deep.equal([]);
      });

    it('AS4, GS3 unsubscribing is silent: neither error nor completion', async () => {
      const { server, socket } = await start({ handle: countdown(2) });
      const seen = record(numbers$(socket, 1_000));
      await eventually(() => expect(seen.values).to.have.length.above(1));
      seen.unsubscribe();
      const { length } = seen.values;
      await server.ledger.until('closed');
      expect(seen.outcome).to.equal('running');
      expect(seen.values).to.have.length(length);
    });

    it('AS5, GS4, X15 close() completes every subscription, and ends each in the order of the ids', async () => {
      const { server, socket } = await start({ handle: countdown(5) });
      const seen = [10, 11, 12, 13].map((count) => record(numbers$(socket, count)));
      await server.ledger.until('started', undefined, 4);
      socket.close();
      expect(seen.map(({ outcome }) => outcome)).to.deep.equal(seen.map(() => 'completed'));
      await lastValueFrom(socket.status$);
      expect((await server.ledger.until('closed')).code).to.equal(1000);
      const stops = ['1', '2', '3', '4'].map(stop);
      expect(server.ledger.messages.slice(5)).to.deep.equal([...stops, ...goodbye]);
    });

    for (const [what, closes, from, till] of [
      ['waits for no operation that the server does not end', true, 0, 500],
      ['waits closeTimeout, and no longer, for a server that does not close', false, 35, 500],
    ] as const)
      it(`X16 close() ${what}`, async () => {
        const { server, socket } = await start(
          { handle: countdown(5), ignoreStop: true },
          closes ? { closeTimeout: 5_000 } : { closeTimeout: 40 },
        );
        const seen = record(numbers$(socket, 1_000));
        await server.ledger.until('started');
        if (!closes) server.stall();
        const began = performance.now();
        socket.close();
        expect(seen.outcome).to.equal('completed');
        expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
        expect(performance.now() - began).to.be.within(from, till);
        if (closes) expect((await server.ledger.until('closed')).code).to.equal(1000);
      });

    it('AS6, GS5, X18 fails behind what was emitted when the server closes with 1000', async () => {
      const { socket } = await start({ handle: countdownClosingAt(5, 2) });
      const seen = record(numbers$(socket, 10));
      await seen.ended;
      expect(seen.values).to.deep.equal([10, 9, 8, 7, 6]);
      expect(seen.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
    });

    it('AS7 loses nothing to a slow consumer', async () => {
      const { socket } = await start({ handle: countdown(2) });
      const slow$ = numbers$(socket, 10).pipe(concatMap((number) => delay(10, number)));
      expect(await lastValueFrom(slow$.pipe(toArray()))).to.deep.equal(all);
    });

    for (const [ids, fields] of [
      ['AS8, GS6', { operationName: 'CountdownSubscription' }],
      ['AS17', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ecf4edb46db40b51' } } }],
    ] as const)
      it(`${ids} sends ${Object.keys(fields)[0]} as it is`, async () => {
        const { server, socket } = await start({ handle: countdown(2) });
        await lastValueFrom(socket.subscribe$({ query, ...fields }));
        expect(server.ledger.messages[1]).to.deep.equal(subscribe('1', { query, ...fields }));
      });

    it('AS15, GS15 an interrupt ends it properly: the server hears nothing after the goodbye', async () => {
      // Stands in for `process` and its SIGINT, which the test runner listens to.
      const program = new EventEmitter();
      const { server, socket } = await start({ handle: countdown(5) });
      const interrupted$ = numbers$(socket, 10).pipe(
        tap((number) => {
          if (number === 6) program.emit('SIGINT');
        }),
        takeUntil(fromEvent(program, 'SIGINT')),
      );
      const seen = record(interrupted$);
      await seen.ended;
      expect(seen.values).to.deep.equal([10, 9, 8, 7]);
      expect((await server.ledger.until('closed')).code).to.equal(1000);
      expect(server.ledger.messages.slice(2)).to.deep.equal([stop('1'), ...goodbye]);
    });

    describe('a consumer that throws', () => {
      const { onUnhandledError } = config;
      afterEach(() => {
        config.onUnhandledError = onUnhandledError;
      });

      it('AS13 has its error reported unchanged, and nothing else happens', async () => {
        const reported: unknown[] = [];
        config.onUnhandledError = (error) => reported.push(error);
        const thrown = new Error('from the consumer');
        const { server, socket } = await start({ handle: countdown(2) });
        const other = record(numbers$(socket, 10));
        const received: number[] = [];
        numbers$(socket, 10).subscribe((number) => {
          received.push(number);
          if (number === 5) throw thrown;
        });
        expect((await server.ledger.until('closed')).code).to.equal(1000);
        expect(reported).to.have.length(1);
        expect(reported[0]).to.equal(thrown);
        expect([received, other.values]).to.deep.equal([all, all]);
      });
    });

    for (const method of ['subscribe$', 'execute$'] as const)
      it(`GS17 ${method} fails when the server closes, and works again on a new connection`, async () => {
        const { server, socket } = await start({
          handle: (request, context) =>
            (context.peer.connection === 1 ? countdownClosingAt(10, 5) : countdown(5))(
              request,
              context,
            ),
        });
        const states = record(socket.status$);
        const failed = record<unknown>(socket[method](query));
        await failed.ended;
        expect(failed.error).to.include({ name: 'ConnectionClosedError' });
        expect(failed.values).to.deep.equal([]);
        const again = record<unknown>(socket[method](query));
        await again.ended;
        const data = all.map((number) => ({ number }));
        expect(again.values).to.deep.equal(
          method === 'execute$' ? data.map((each) => ({ data: each })) : data,
        );
        await server.ledger.until('closed', undefined, 2);
        expect(states.values.map(({ state }) => state).join(' ')).to.equal(
          'idle connecting connected failed connecting connected idle',
        );
      });

    it('X7 ids are any text, and a number is taken for its digits', async () => {
      const ids = ['f2a9-…', '2'];
      const { server, socket } = await start(
        {
          script: async (peer) => {
            await acknowledge(peer);
            for (const id of ['f2a9-…', '2']) expect(await peer.read()).to.include({ id });
            for (const id of ['stranger', 'f2a9-…', 2])
              peer.send(resultOf({ data: id })(id, peer), completion(id));
          },
        },
        { generateId: () => ids.shift() ?? '' },
      );
      const seen = ['{ a }', '{ b }'].map((each) => record(socket.subscribe$(each)));
      await Promise.all(seen.map(({ ended }) => ended));
      expect(seen[0]).to.deep.include({ outcome: 'completed', values: ['f2a9-…'] });
      expect(seen[1]).to.deep.include({ outcome: 'completed', values: [2] });
      await server.finished();
    });

    it('X14 a query given up before its result is ended on the wire', async () => {
      const { server, socket } = await start({ handle: () => NEVER }, { linger: 50 });
      await firstValueFrom(socket.connection$);
      const seen = record(socket.query$(continentsQuery).pipe(timeout(30)));
      await seen.ended;
      expect(seen.error).to.have.property('name', 'TimeoutError');
      await server.ledger.until('closed');
      expect(server.ledger.messages.slice(2)).to.deep.equal([stop('1'), ...goodbye]);
    });

    it('X28 a reply that comes while the request is being sent is not lost', async () => {
      // Replies from inside `send`, as no network is fast enough to.
      const webSocketImpl = class extends WebSocket {
        override send(data: string): void {
          super.send(data);
          const { id } = JSON.parse(data) as { id?: string };
          if (id === undefined) return;
          const frame = JSON.stringify(next(id, { data: continents }));
          this.emit('message', Buffer.from(frame), false);
        }
      };
      const { socket } = await start({ handle: () => NEVER }, { webSocketImpl });
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    });

    it('X29 results are handed over as they come: nothing is held back here', async () => {
      const count = 5_000;
      const { socket } = await start({
        handle: () => range(0, count).pipe(map((number) => ({ data: { number } }))),
      });
      let delivered = 0;
      let frames = 0;
      const behind = new Set<number>();
      socket.events$.subscribe(({ type }) => {
        if (type !== 'received') return;
        behind.add(frames - delivered);
        frames += 1;
      });
      await lastValueFrom(socket.subscribe$(query).pipe(tap(() => (delivered += 1))));
      expect(delivered).to.equal(count);
      // Before each frame all earlier results are delivered: but for the ack, which is no result.
      expect([...behind]).to.deep.equal([0, 1]);
    });
  });

describe('gql parity: a subscription to a server that selects no protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);

  it('GS18 speaks the only protocol that is offered', async () => {
    const { server, socket } = await start(
      { subprotocols: [], fallback: GRAPHQL_TRANSPORT_WS, handle: countdown(2) },
      { subprotocols: [GRAPHQL_TRANSPORT_WS] },
    );
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    expect((await server.ledger.received('subscribe')).id).to.equal('1');
  });
});
