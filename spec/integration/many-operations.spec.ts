import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concatWith, forkJoin, map, NEVER, of, take, toArray, lastValueFrom } from 'rxjs';
import type { WebSocket } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { tappedWebSocket } from '../helpers/parity/tapped-web-socket.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols } from '../helpers/wire.js';

const count = 1_000;
const numbers = Array.from({ length: count }, (_, number) => number);

for (const { subprotocol } of protocols) {
  describe(`${count} operations on one socket over ${subprotocol}`, function () {
    this.timeout(20_000);
    // the machine may be busy
    const soon = <T>(assertion: () => T) => eventually(assertion, 5_000);
    const serve = useServer();
    const connect = useSocket();
    /** A server that numbers its answers by operation, and whether it completes. */
    const setUp = async (completes: boolean) => {
      const server = await serve({
        handle: ({ variables: { number } }) =>
          of(0, 1, 2).pipe(
            map((n) => ({ data: `${String(number)}.${n}` })),
            concatWith(completes ? [] : NEVER),
          ),
      });
      const { webSocketImpl, made } = tappedWebSocket();
      const socket = connect({ url: server.url, subprotocols: [subprotocol], webSocketImpl });
      const operation = (number: number) =>
        socket.subscribe$<string>({ query: 'subscription { a }', variables: { number } });
      return { server, operation, made };
    };

    it('each gets its own results, and its end', async () => {
      const { server, operation } = await setUp(true);
      const results = await lastValueFrom(
        forkJoin(numbers.map((number) => operation(number).pipe(toArray()))),
      );
      expect(results).to.deep.equal(numbers.map((n) => [`${n}.0`, `${n}.1`, `${n}.2`]));
      expect(server.ledger.opened).to.have.length(1);
      const ids = server.ledger.entries.flatMap((entry) =>
        entry.type === 'started' ? entry.id : [],
      );
      expect(new Set(ids).size).to.equal(count);
    });

    it('each unsubscribes by itself, and the last closes the socket', async () => {
      const { server, operation } = await setUp(false);
      const seen: string[] = [];
      const running = numbers.map((number) => operation(number).subscribe((it) => seen.push(it)));
      await soon(() => expect(seen.length).to.equal(3 * count));
      for (const each of running.slice(0, -1)) each.unsubscribe();
      await soon(() => expect(server.ledger.operations.length).to.equal(1));
      expect(server.peers.length).to.equal(1);
      expect(server.ledger.operations[0]?.request.variables).to.deep.equal({ number: count - 1 });
      running.at(-1)?.unsubscribe();
      await soon(() => expect(server.peers.length).to.equal(0));
      expect(server.ledger.closed.map(({ code }) => code)).to.deep.equal([1000]);
    });

    it('adds no listener to the socket', async () => {
      const { operation, made } = await setUp(false);
      const seen: string[] = [];
      operation(0).subscribe((it) => seen.push(it));
      await soon(() => expect(seen.length).to.equal(3));
      const before = listeners(made[0]);
      const others = numbers.slice(1).map((number) => operation(number).pipe(take(3)));
      await lastValueFrom(forkJoin(others));
      expect(listeners(made[0])).to.deep.equal(before);
      expect(Math.max(...Object.values(before))).to.be.at.most(2);
    });

    it('all of them survive the loss of the connection', async () => {
      const { server, operation } = await setUp(false);
      const seen: string[] = [];
      for (const number of numbers) operation(number).subscribe((it) => seen.push(it));
      await soon(() => expect(seen.length).to.equal(3 * count));
      server.drop();
      await soon(() => expect(seen.length).to.equal(6 * count));
      expect(server.ledger.operations.length).to.equal(count);
      expect(server.ledger.operations.map(({ request }) => request.variables)).to.deep.equal(
        numbers.map((number) => ({ number })),
      );
    });
  });
}

function listeners(socket: WebSocket | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    (socket?.eventNames() ?? []).map((name) => [name, socket?.listenerCount(name) ?? 0]),
  );
}
