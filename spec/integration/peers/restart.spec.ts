import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom, map, toArray } from 'rxjs';
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
