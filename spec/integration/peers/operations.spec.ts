import { expect } from 'chai';
import { describe, it } from 'mocha';
import { forkJoin, lastValueFrom, map, range, take, toArray } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

for (const { name, attach, dials } of peers) {
  describe(`operations against ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();
    const setUp = async () => {
      const peer = await start(attach);
      return { peer, socket: connect({ url: peer.url }) };
    };

    it('a query emits its data once and completes', async () => {
      const { socket } = await setUp();
      const results = await lastValueFrom(socket.query$('{ hello }').pipe(toArray()));
      expect(results).to.deep.equal([{ hello: ['hello world'] }]);
    });

    it('a mutation runs once', async () => {
      const { peer, socket } = await setUp();
      const results = await lastValueFrom(socket.mutate$('mutation { increment }').pipe(toArray()));
      expect(results).to.deep.equal([{ increment: 1 }]);
      expect(peer.seen.calls.get('increment')).to.equal(1);
    });

    it('a subscription emits until the server completes it', async () => {
      const { peer, socket } = await setUp();
      const countdown$ = socket.subscribe$<{ countdown: number }>(
        'subscription { countdown(from: 3) }',
      );
      const values = await lastValueFrom(
        countdown$.pipe(
          map(({ countdown }) => countdown),
          toArray(),
        ),
      );
      expect(values).to.deep.equal([3, 2, 1, 0]);
      expect(peer.seen.open.get('countdown')).to.equal(0);
    });

    it('variables reach the resolver', async () => {
      const { socket } = await setUp();
      const result = await lastValueFrom(
        socket.query$({
          query: 'query Greet($name: String!, $times: Int) { hello(name: $name, times: $times) }',
          variables: { name: 'Zoë "…" \u2028', times: 2 },
        }),
      );
      expect(result).to.deep.equal({ hello: Array(2).fill('hello Zoë "…" \u2028') });
    });

    it('operationName selects the operation of the document', async () => {
      const { socket } = await setUp();
      const query = 'query A { hello(name: "A") } query B { hello(name: "B") }';
      const result = await lastValueFrom(socket.query$({ query, operationName: 'B' }));
      expect(result).to.deep.equal({ hello: ['hello B'] });
    });

    it('execute$ and payload$ run any operation', async () => {
      const { socket } = await setUp();
      expect(await lastValueFrom(socket.execute$('{ hello }'))).to.deep.equal({
        data: { hello: ['hello world'] },
      });
      const payload = await lastValueFrom(socket.payload$('subscription { countdown(from: 0) }'));
      expect(payload.text).to.equal('{"data":{"countdown":0}}');
      expect(payload.decode()).to.deep.equal({ data: { countdown: 0 } });
    });

    it('unsubscribing ends the iterator on the server, and that one alone', async () => {
      const { peer, socket } = await setUp();
      const other: unknown[] = [];
      const others = socket.subscribe$('subscription { ticks }').subscribe((it) => other.push(it));
      await lastValueFrom(socket.subscribe$('subscription { ticks }').pipe(take(3)));
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
      const seen = other.length;
      await eventually(() => expect(other.length).to.be.greaterThan(seen + 2));
      others.unsubscribe();
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(0));
      await eventually(() => expect(peer.connections).to.equal(0));
    });

    it('many operations share one socket, each under an id of its own', async () => {
      const { peer, socket } = await setUp();
      const numbers = await lastValueFrom(range(0, 100).pipe(toArray()));
      const results = await lastValueFrom(
        forkJoin(
          numbers.map((number) =>
            number % 2 === 0
              ? socket.query$<object>(`{ hello(name: "${number}") }`)
              : socket.subscribe$<object>(`subscription { countdown(from: ${number}) }`),
          ),
        ),
      );
      expect(results).to.deep.equal(
        numbers.map((number) =>
          number % 2 === 0 ? { hello: [`hello ${number}`] } : { countdown: 0 },
        ),
      );
      expect(peer.offers).to.deep.equal(dials);
      expect(new Set(peer.seen.ids).size).to.equal(100);
    });

    it('operations one after the other share one socket, too', async () => {
      const { peer, socket } = await setUp();
      for (let i = 0; i < 5; i++) await lastValueFrom(socket.query$('{ hello }'));
      expect(peer.seen.ids).to.deep.equal(['1', '2', '3', '4', '5']);
      expect(peer.offers).to.deep.equal(dials);
    });
  });
}
