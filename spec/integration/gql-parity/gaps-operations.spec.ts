import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, map, NEVER, range, timeout } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { WebSocket } from 'ws';
import { failureOf } from '../../helpers/failure-of.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, countdownFrom, numbers$ } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';

const protocols = [
  ['current', GRAPHQL_TRANSPORT_WS, { begin: 'subscribe', end: 'complete', bye: [] }],
  [
    'legacy',
    SUBSCRIPTIONS_TRANSPORT_WS,
    { begin: 'start', end: 'stop', bye: ['connection_terminate'] },
  ],
] as const;

for (const [protocol, subprotocol, { begin, end, bye }] of protocols) {
  describe(`gql parity: gaps, how operations end, ${protocol} protocol`, () => {
    const start = useParity(subprotocol);

    it('X13 the first value of a subscription is followed by its end on the wire', async () => {
      const { server, socket } = await start({ handle: countdown(2) });
      expect(await firstValueFrom(numbers$(socket, 1_000))).to.equal(1_000);
      await server.ledger.until('closed');
      expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
        'connection_init',
        begin,
        end,
        ...bye,
      ]);
      expect(server.ledger.operations).to.deep.equal([]);
    });

    it('X14 a query given up before its result is ended on the wire', async () => {
      const { server, socket } = await start({ handle: () => NEVER }, { linger: 50 });
      await firstValueFrom(socket.connection$);
      const seen = record(socket.query$(continentsQuery).pipe(timeout(30)));
      await seen.ended;
      expect(seen.error).to.have.property('name', 'TimeoutError');
      await server.ledger.until('closed');
      expect(server.ledger.messages.map(({ type, id }) => [type, id])).to.deep.equal([
        ['connection_init', undefined],
        [begin, '1'],
        [end, '1'],
        ...bye.map((type) => [type, undefined]),
      ]);
    });

    it('X15 close() ends every operation in the order of their ids, then the connection', async () => {
      const { server, socket } = await start({ handle: countdown(5) });
      const seen = [10, 11, 12, 13].map((count) => record(numbers$(socket, count)));
      await server.ledger.until('started', undefined, 4);
      socket.close();
      expect(seen.map(({ outcome }) => outcome)).to.deep.equal(seen.map(() => 'completed'));
      await lastValueFrom(socket.status$);
      expect((await server.ledger.until('closed')).code).to.equal(1000);
      const ids = ['1', '2', '3', '4'];
      expect(server.ledger.messages.map(({ type, id }) => [type, id])).to.deep.equal([
        ['connection_init', undefined],
        ...ids.map((id) => [begin, id]),
        ...ids.map((id) => [end, id]),
        ...bye.map((type) => [type, undefined]),
      ]);
    });

    it('X16 close() waits for no operation that the server does not end', async () => {
      const { server, socket } = await start({ handle: countdown(5), ignoreStop: true });
      const seen = record(numbers$(socket, 1_000));
      await server.ledger.until('started');
      socket.close();
      expect(seen.outcome).to.equal('completed');
      expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
      expect((await server.ledger.until('closed')).code).to.equal(1000);
    });

    it('X16 close() waits closeTimeout, and no longer, for a server that does not close', async () => {
      const { server, socket } = await start({ handle: countdown(5) }, { closeTimeout: 40 });
      const seen = record(numbers$(socket, 1_000));
      await server.ledger.until('started');
      server.stall();
      const began = performance.now();
      socket.close();
      expect(seen.outcome).to.equal('completed');
      await lastValueFrom(socket.status$);
      expect(performance.now() - began).to.be.within(35, 500);
    });

    it('X28 a reply that comes while the request is being sent is not lost', async () => {
      // Replies from inside `send`, as no network is fast enough to.
      const webSocketImpl = class extends WebSocket {
        override send(data: string): void {
          super.send(data);
          const { type, id } = JSON.parse(data) as { type: string; id: string };
          const reply = type === 'start' ? 'data' : 'next';
          if (type !== begin) return;
          const frame = JSON.stringify({ type: reply, id, payload: { data: continents } });
          this.emit('message', Buffer.from(frame), false);
        }
      };
      const { server, socket } = await start({ handle: () => NEVER }, { webSocketImpl });
      expect(await lastValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await server.ledger.until('closed');
    });

    it('X29 results are handed over as they come: nothing is held back here', async () => {
      const count = 20_000;
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
      await new Promise<void>((resolve) => {
        socket.subscribe$(countdownFrom(count)).subscribe({
          next: () => (delivered += 1),
          complete: resolve,
        });
      });
      expect(delivered).to.equal(count);
      // Before each frame all earlier results are delivered: but for the ack, which is no result.
      expect([...behind]).to.deep.equal([0, 1]);
    });
  });
}

describe('gql parity: gaps, requests that cannot be sent', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const invalid = new Error('Cannot query field "bloh"');

  for (const [what, request, cause] of [
    ['a validation that throws', { kind: 'Document', definitions: [] }, invalid],
    ['variables that are no JSON', { query: '{ a }', variables: { id: 1n } }, undefined],
  ] as const) {
    it(`X30 ${what} fails at once, with the original error, and is not retried`, async () => {
      const print = () => {
        throw invalid;
      };
      const { server, socket } = await start(
        { handle: () => [{ data: 1 }] },
        { print, retry: { delay: 0 } },
      );
      const error = await failureOf(socket.query$(request), 'ConfigurationError');
      if (cause) expect(error.cause).to.equal(cause);
      else expect(error.cause).to.be.instanceOf(TypeError);
      expect(server.ledger.messages.filter(({ type }) => type === 'subscribe')).to.deep.equal([]);
      expect(server.ledger.upgrades.length).to.be.lessThan(2);
    });
  }
});
