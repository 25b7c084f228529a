import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom, Subject, take, tap } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import type { FloodRow } from '../helpers/net/use-flood-server.js';
import { rowSize, useFloodServer } from '../helpers/net/use-flood-server.js';
import { useSocket } from '../helpers/use-socket.js';

const capacity = 10;
/** More than the buffers of two kernels take. */
const flood = 15_000;
/** What one read brings at most: what the stream has buffered, and the read that was under way. */
const oneRead = Math.ceil((2 * 65_536) / rowSize);

describe('a socket that is paused', function () {
  this.timeout(30_000);
  const serve = useFloodServer();
  const connect = useSocket();
  // the machine may be busy
  const soon = <T>(assertion: () => T) => eventually(assertion, 10_000);

  /** A consumer that is stuck at its first row until the gate opens. */
  const consume = (socket: GraphQLSocket, to: number) => {
    const gate = new Subject<never>();
    const handled: number[] = [];
    const seen = { received: 0, most: 0, completed: false };
    const row$ = socket.subscribe$<FloodRow>({
      query: 'subscription { row }',
      // what a server would be asked for after a loss
      variables: () => ({ from: seen.received + 1, to }),
    });
    const subscription = row$
      .pipe(
        tap(({ n }) => {
          expect(n).to.equal(seen.received + 1);
          seen.received = n;
          seen.most = Math.max(seen.most, n - handled.length);
        }),
        concatMapBounded(({ n }) => (n === 1 ? gate : Promise.resolve(n)), {
          capacity,
          overflow: 'pause',
          socket,
        }),
        // the first one gives nothing
        take(to - 1),
      )
      .subscribe({ next: (n) => handled.push(n), complete: () => (seen.completed = true) });
    return { subscription, gate, handled, seen };
  };
  /** Waits until the server cannot write any more. */
  const stuck = async (server: { readonly written: number }) => {
    let before = -1;
    while (server.written !== before || before === 0) {
      before = server.written;
      await delay(100);
    }
  };
  /** A server that cannot write any more, because the consumer is stuck. Any silence of 150 ms would be noticed. */
  const setUp = async (config?: Partial<GraphQLSocketConfig>) => {
    const server = await serve();
    const limits = { keepAliveTimeout: 150, pingInterval: 50, pongTimeout: 100 };
    const socket = connect({ url: server.url, ...(config ?? limits) });
    const states: SocketStatus['state'][] = [];
    socket.status$.subscribe(({ state }) => states.push(state));
    const consumer = consume(socket, flood);
    await stuck(server);
    return { server, socket, states, ...consumer };
  };
  const rest = Array.from({ length: flood - 1 }, (_, index) => index + 2);

  it('loses nothing, repeats nothing, and holds the server back, for longer than any silence may last', async () => {
    const { server, states, gate, handled, seen } = await setUp();
    await delay(600);
    expect(server.written).to.be.within(1, flood - 1);
    expect(seen.received).to.be.within(capacity, capacity + 1 + oneRead);
    gate.complete();
    await soon(() => expect(seen.completed).to.equal(true));
    expect(handled).to.deep.equal(rest);
    expect(seen.most).to.be.at.most(capacity + 1 + oneRead);
    // it ends with the last row
    expect(states.slice(0, 3)).to.deep.equal(['idle', 'connecting', 'connected']);
    expect(server.connections).to.equal(1);
  });

  for (const end of ['close()', 'the last unsubscribe'])
    it(`closes with a goodbye, and at once, at ${end}`, async () => {
      const { server, socket, subscription } = await setUp({ closeTimeout: 20_000 });
      const startedAt = performance.now();
      if (end === 'close()') socket.close();
      else subscription.unsubscribe();
      await soon(() => expect(server.closed).to.deep.equal([1000]));
      socket.close();
      await lastValueFrom(socket.status$);
      expect(performance.now() - startedAt).to.be.below(5_000);
      subscription.unsubscribe();
    });

  it('reads what came before a reset, and goes on with the next connection', async () => {
    const { server, states, gate, handled, seen } = await setUp();
    server.reset();
    await delay(300);
    // it is not read, and so not known
    expect(states.at(-1)).to.equal('connected');
    gate.complete();
    await soon(() => expect(seen.completed).to.equal(true));
    expect(handled).to.deep.equal(rest);
    expect(states).to.include('waiting');
    expect(server.connections).to.equal(2);
  });
});
