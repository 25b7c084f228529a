import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom, map, take, toArray } from 'rxjs';
import type { GraphQLSocket, SocketStatus } from 'rx-graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { record } from '../../helpers/recording.js';
import type { RealPeer } from '../../helpers/peers/real-peer.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const ticks = 'subscription { ticks }';

for (const { name, attach } of peers) {
  describe(`restart of ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();
    const setUp = async () => {
      const peer = await start(attach);
      return { peer, socket: connect({ url: peer.url }) };
    };

    it('a subscription goes on, silently', async () => {
      const { peer, socket } = await setUp();
      const seen = record(socket.subscribe$(ticks));
      const { values } = seen;
      const states = statesOf(socket);
      await eventually(() => expect(values.length).to.be.greaterThan(3));
      await peer.stop();
      await eventually(() => expect(states).to.include('waiting 1'));
      const before = values.length;
      await delay(30);
      expect(values).to.have.length(before);
      await peer.start();
      await eventually(() => expect(values.length).to.be.greaterThan(before + 3));
      expect(values[before]).to.deep.equal({ ticks: 0 });
      expect(seen.outcome).to.equal('running');
      expect(states.at(-1)).to.equal('connected');
      expect(peer.seen.calls.get('ticks')).to.equal(2);
      expect(new Set(peer.seen.ids).size).to.equal(2);
    });

    for (const code of [1000, 1001, 1011, 1012, 1013]) {
      it(`a subscription goes on after a close with ${code}`, async () => {
        const { peer, socket } = await setUp();
        const seen = record(socket.subscribe$(ticks));
        const { values } = seen;
        await eventually(() => expect(values.length).to.be.greaterThan(1));
        peer.close(code);
        await eventually(() => expect(peer.seen.calls.get('ticks')).to.equal(2));
        const before = values.length;
        await eventually(() => expect(values.length).to.be.greaterThan(before + 1));
        expect(seen.outcome).to.equal('running');
        await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
      });
    }

    for (const code of [4406, 4409, 4429]) {
      it(`a close with ${code} is final`, async () => {
        const { peer, socket } = await setUp();
        const error = failureOf(socket.subscribe$(ticks), 'ConnectionClosedError');
        await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
        const dialled = peer.upgrades.length;
        peer.close(code, 'no');
        expect(await error).to.include({ code, reason: 'no', wasClean: true });
        await delay(50);
        expect(peer.upgrades).to.have.length(dialled);
      });
    }

    it('a query under way is sent again, under a fresh id, and answered once', async () => {
      const { peer, socket } = await setUp();
      const result = lastValueFrom(socket.query$('{ slow(ms: 80) }').pipe(toArray()));
      await eventually(() => expect(peer.seen.calls.get('slow')).to.equal(1));
      await restart(peer);
      expect(await result).to.deep.equal([{ slow: 80 }]);
      expect(peer.seen.calls.get('slow')).to.equal(2);
      expect(peer.seen.ids).to.deep.equal(['1', '2']);
    });

    it('a mutation under way errors with ConnectionLostError, and never runs again', async () => {
      const { peer, socket } = await setUp();
      const { values } = record(socket.subscribe$(ticks));
      const lost = failureOf(
        socket.mutate$('mutation { increment(ms: 80) }'),
        'ConnectionLostError',
      );
      await eventually(() => expect(peer.seen.calls.get('increment')).to.equal(1));
      await restart(peer);
      expect((await lost).operationId).to.equal('2');
      const before = values.length;
      await eventually(() => expect(values.length).to.be.greaterThan(before + 3));
      expect(peer.seen.calls.get('increment')).to.equal(1);
    });

    it('a mutation in execute$ is recognised by its text, and not sent again either', async () => {
      const { peer, socket } = await setUp();
      const query = '# query { a }\nmutation { increment(ms: 80) }';
      const lost = failureOf(socket.execute$(query), 'ConnectionLostError');
      await eventually(() => expect(peer.seen.calls.get('increment')).to.equal(1));
      await restart(peer);
      await lost;
      await delay(60);
      expect(peer.seen.calls.get('increment')).to.equal(1);
    });

    it('a mutation with resend is sent again', async () => {
      const { peer, socket } = await setUp();
      const mutation$ = socket.mutate$('mutation { increment(ms: 400) }', { resend: true });
      const result = lastValueFrom(mutation$);
      await eventually(() => expect(peer.seen.calls.get('increment')).to.equal(1));
      await restart(peer);
      expect(await result).to.deep.equal({ increment: 2 });
    });

    it('an operation that is subscribed while the server is down is sent once the server is back', async () => {
      const { peer, socket } = await setUp();
      const states = statesOf(socket);
      record(socket.subscribe$(ticks));
      await eventually(() => expect(states.at(-1)).to.equal('connected'));
      await peer.stop();
      await eventually(() => expect(states).to.include('waiting 1'));
      const result = lastValueFrom(socket.mutate$('mutation { increment }'));
      const value = lastValueFrom(socket.subscribe$(ticks).pipe(take(1)));
      await delay(30);
      await peer.start();
      expect(await result).to.deep.equal({ increment: 1 });
      expect(await value).to.deep.equal({ ticks: 0 });
      expect(peer.seen.calls.get('increment')).to.equal(1);
    });

    it('a mutation that could not be sent within sendWithin never is', async () => {
      const { peer, socket } = await setUp();
      const states = statesOf(socket);
      const { values } = record(socket.subscribe$(ticks));
      await eventually(() => expect(states.at(-1)).to.equal('connected'));
      await peer.stop();
      await eventually(() => expect(states).to.include('waiting 1'));
      const order$ = socket.mutate$('mutation { increment }', { sendWithin: 20 });
      expect((await failureOf(order$, 'ConnectionError')).message).to.match(
        /not sent within 20 ms/,
      );
      await peer.start();
      const before = values.length;
      await eventually(() => expect(values.length).to.be.greaterThan(before + 2));
      expect(peer.seen.calls.get('increment')).to.equal(undefined);
    });

    it('an operation that was unsubscribed while the server was down is not sent', async () => {
      const { peer, socket } = await setUp();
      const states = statesOf(socket);
      const { values } = record(socket.subscribe$(ticks));
      const slow = socket.query$('{ slow(ms: 500) }').subscribe();
      await eventually(() => expect(values.length).to.be.greaterThan(1));
      await eventually(() => expect(peer.seen.calls.get('slow')).to.equal(1));
      await peer.stop();
      await eventually(() => expect(states).to.include('waiting 1'));
      slow.unsubscribe();
      socket.query$('{ hello }').subscribe().unsubscribe();
      await peer.start();
      await eventually(() => expect(peer.seen.calls.get('ticks')).to.equal(2));
      await delay(20);
      expect(peer.seen.calls.get('slow')).to.equal(1);
      expect(peer.seen.calls.get('hello')).to.equal(undefined);
    });
  });
}

async function restart(peer: RealPeer): Promise<void> {
  await peer.stop();
  await peer.start();
}

function statesOf(socket: GraphQLSocket): string[] {
  const states: string[] = [];
  const shown = (status: SocketStatus) =>
    status.state === 'waiting' ? `waiting ${status.attempt}` : status.state;
  socket.status$.pipe(map(shown)).subscribe((state) => states.push(state));
  return states;
}
