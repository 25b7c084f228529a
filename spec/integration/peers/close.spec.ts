import { expect } from 'chai';
import { describe, it } from 'mocha';
import { endWith, ignoreElements, lastValueFrom } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const ticks = 'subscription { ticks }';

for (const { name, attach } of peers) {
  describe(`close() against ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();
    const setUp = async () => {
      const peer = await start(attach);
      return { peer, socket: connect({ url: peer.url }) };
    };

    it('ends each kind of operation in its way, and leaves nothing on the server', async () => {
      const { peer, socket } = await setUp();
      const subscription = lastValueFrom(
        socket.subscribe$(ticks).pipe(ignoreElements(), endWith('completed')),
      );
      const query = failureOf(socket.query$('{ slow(ms: 60000) }'), 'SocketDisposedError');
      const mutation = failureOf(
        socket.mutate$('mutation { increment(ms: 60000) }'),
        'ConnectionLostError',
      );
      await eventually(() => {
        expect(peer.seen.open.get('ticks')).to.equal(1);
        expect(peer.seen.calls.get('slow')).to.equal(1);
        expect(peer.seen.calls.get('increment')).to.equal(1);
      });
      const dialled = peer.upgrades.length;
      socket.close();
      expect(await subscription).to.equal('completed');
      await query;
      await mutation;
      expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
      await eventually(() => {
        expect(peer.seen.open.get('ticks')).to.equal(0);
        expect(peer.connections).to.equal(0);
      });
      expect(peer.upgrades).to.have.length(dialled);
    });

    it('ends what was not sent yet', async () => {
      const { peer, socket } = await setUp();
      const query = failureOf(socket.query$('{ hello }'), 'SocketDisposedError');
      const mutation = failureOf(socket.mutate$('mutation { increment }'), 'SocketDisposedError');
      const subscription = lastValueFrom(socket.subscribe$(ticks).pipe(endWith('completed')));
      socket.close();
      await query;
      await mutation;
      expect(await subscription).to.equal('completed');
      await eventually(() => expect(peer.connections).to.equal(0));
      expect(peer.seen.ids).to.deep.equal([]);
    });
  });
}
