import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fromEvent, lastValueFrom, take, takeUntil, tap, toArray } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
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

describe('gql parity: subscriptions, current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const all = numbersFrom(10);

  it('GS1 emits every result in order, and completes when the server does', async () => {
    const { server, socket } = await start({ handle: countdown(5) });
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
      'connection_init',
      'subscribe',
    ]);
  });

  it('GS2 unsubscribing at 5 sends complete', async () => {
    const { server, socket } = await start({ handle: countdown(5) });
    const numbers = await lastValueFrom(numbers$(socket, 10).pipe(take(6), toArray()));
    expect(numbers).to.deep.equal([10, 9, 8, 7, 6, 5]);
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.messages.slice(2)).to.deep.equal([{ type: 'complete', id: '1' }]);
    expect(server.ledger.operations).to.deep.equal([]);
  });

  it('GS3 unsubscribing is silent: neither error nor completion', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const seen = record(numbers$(socket, 1_000));
    await eventually(() => expect(seen.values).to.have.length.above(1));
    seen.unsubscribe();
    const { length } = seen.values;
    await server.ledger.until('closed');
    expect(seen.outcome).to.equal('running');
    expect(seen.values).to.have.length(length);
  });

  it('GS4 close() completes a subscription', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const seen = record(numbers$(socket, 1_000));
    await eventually(() => expect(seen.values).to.have.length.above(1));
    socket.close();
    expect(seen.outcome).to.equal('completed');
    expect(seen.values).to.have.length.below(1_000);
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.messages.slice(2)).to.deep.equal([{ type: 'complete', id: '1' }]);
  });

  it('GS5 fails behind what was emitted when the server closes', async () => {
    const { socket } = await start({ handle: countdownClosingAt(5, 5) });
    const seen = record(numbers$(socket, 10));
    await seen.ended;
    expect(seen.values).to.deep.equal([10, 9, 8, 7, 6]);
    expect(seen.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
  });

  it('GS6 sends the operation name', async () => {
    const { server, socket } = await start({ handle: countdown(2) });
    const query = countdownFrom(3);
    const operationName = 'CountdownSubscription';
    await lastValueFrom(socket.subscribe$({ query, operationName }));
    expect(await server.ledger.received('subscribe')).to.deep.equal({
      type: 'subscribe',
      id: '1',
      payload: { query, operationName },
    });
  });

  it('GS15 an interrupt ends it properly: complete is the last that the server hears', async () => {
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
    expect(server.ledger.messages.slice(2)).to.deep.equal([{ type: 'complete', id: '1' }]);
  });

  for (const method of ['subscribe$', 'execute$'] as const) {
    it(`GS17 ${method} fails when the server closes, and works again on a new connection`, async () => {
      const { server, socket } = await start({
        handle: (request, context) =>
          (request.query === countdownFrom(8) ? countdownClosingAt(8, 5) : countdown(5))(
            request,
            context,
          ),
      });
      const states = record(socket.status$);
      const run = (count: number) =>
        record<unknown>(socket[method]<Countdown>(countdownFrom(count)));
      const failed = run(8);
      await failed.ended;
      expect(failed.error).to.include({ name: 'ConnectionClosedError' });
      expect(failed.values).to.deep.equal([]);

      const again = run(10);
      await again.ended;
      expect(again.outcome).to.equal('completed');
      expect(again.values).to.have.length(11);
      const [first] = again.values;
      expect(first).to.deep.equal(
        method === 'execute$' ? { data: { number: 10 } } : { number: 10 },
      );

      await server.ledger.until('closed', undefined, 2);
      expect(states.values.map(({ state }) => state)).to.deep.equal([
        'idle',
        'connecting',
        'connected',
        'failed',
        'connecting',
        'connected',
        'idle',
      ]);
      const inits = server.ledger.messages.filter(({ type }) => type === 'connection_init');
      expect(inits).to.have.length(2);
    });
  }

  it('GS18 speaks the only protocol that it offers to a server that names none', async () => {
    const { server, socket } = await start(
      { subprotocols: [], fallback: GRAPHQL_TRANSPORT_WS, handle: countdown(2) },
      { subprotocols: [GRAPHQL_TRANSPORT_WS] },
    );
    expect(await lastValueFrom(numbers$(socket, 10).pipe(toArray()))).to.deep.equal(all);
    expect((await server.ledger.received('subscribe')).id).to.equal('1');
  });
});
