import { expect } from 'chai';
import { describe, it } from 'mocha';
import { take } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.js';
import { messageFrame } from '../helpers/net/frame.js';
import type { RawPeer } from '../helpers/net/raw-server.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { protocols } from '../helpers/wire.js';

for (const { subprotocol, next, goodbye } of protocols) {
  describe(`silence after the end over ${subprotocol}`, () => {
    const serve = useRawServer();
    const connect = useSocket();
    /** Answers each operation with what `frames` gives, in one TCP segment. */
    const setUp = async (frames: (id: string, peer: RawPeer) => readonly object[]) => {
      const server = await serve((peer, { type, id }) => {
        if (type === 'connection_init') peer.write(messageFrame({ type: 'connection_ack' }));
        if (id && type !== 'complete' && type !== 'stop')
          peer.write(...frames(id, peer).map(messageFrame));
      });
      const socket = connect({ url: server.url, subprotocols: [subprotocol] });
      return { server, socket };
    };
    const numbered = (id: string, count: number) =>
      Array.from({ length: count }, (_, n) => next(id, { data: n }));

    it('five frames arrive in one segment: unsubscribed at the first, none follows', async () => {
      const { server, socket } = await setUp((id) => numbered(id, 5));
      const seen: unknown[] = [];
      const subscription = socket.subscribe$('subscription { a }').subscribe((value) => {
        seen.push(value);
        subscription.unsubscribe();
      });
      await eventually(() => expect(server.closed).to.have.length(1));
      expect(seen).to.deep.equal([0]);
    });

    it('take(2) of five emits two, and tells the server once', async () => {
      const { server, socket } = await setUp((id) => numbered(id, 5));
      const seen: unknown[] = [];
      socket
        .subscribe$('subscription { a }')
        .pipe(take(2))
        .subscribe((value) => seen.push(value));
      await eventually(() => expect(server.closed).to.deep.equal([{ code: 1000, reason: '' }]));
      expect(seen).to.deep.equal([0, 1]);
      const ends = server.peers[0]?.messages.filter(({ id }) => id).slice(1);
      expect(ends).to.deep.equal([
        { type: subprotocol === 'graphql-ws' ? 'stop' : 'complete', id: '1' },
      ]);
    });

    it('a frame for another operation in the same segment can end this one', async () => {
      let first: string | undefined;
      const { server, socket } = await setUp((id) => {
        if (!first) {
          first = id;
          return [];
        }
        return [next(id, { data: 'end the other' }), next(first, { data: 'too late' })];
      });
      const seen: unknown[] = [];
      const late = socket.subscribe$('subscription { a }').subscribe((value) => seen.push(value));
      const other = socket.subscribe$('subscription { b }').subscribe(() => late.unsubscribe());
      await eventually(() => expect(late.closed).to.equal(true));
      await delay(10);
      other.unsubscribe();
      await eventually(() => expect(server.closed).to.have.length(1));
      expect(seen).to.deep.equal([]);
    });

    it('results in the segment of the server’s complete, behind it, reach nobody', async () => {
      const { server, socket } = await setUp((id) => [
        next(id, { data: 0 }),
        { type: 'complete', id },
        next(id, { data: 1 }),
        { type: 'complete', id },
        { type: 'error', id, payload: [{ message: 'too late' }] },
      ]);
      const seen: unknown[] = [];
      socket.subscribe$('subscription { a }').subscribe({
        next: (value) => seen.push(value),
        error: (error: unknown) => seen.push(error),
        complete: () => seen.push('completed'),
      });
      await eventually(() => expect(seen).to.include('completed'));
      await eventually(() => expect(server.closed).to.have.length(1));
      expect(seen).to.deep.equal([0, 'completed']);
      // nothing is sent back
      expect(server.peers[0]?.messages.slice(2)).to.deep.equal(goodbye);
    });

    it('an operation subscribed for a result in the same segment works', async () => {
      const { socket } = await setUp((id) => numbered(id, 3));
      const seen: unknown[] = [];
      socket
        .subscribe$('subscription { a }')
        .pipe(take(1))
        .subscribe(() => {
          socket
            .subscribe$('subscription { b }')
            .pipe(take(3))
            .subscribe((value) => seen.push(value));
        });
      await eventually(() => expect(seen).to.deep.equal([0, 1, 2]));
    });

    it('close() in a consumer is silent at once', async () => {
      const { server, socket } = await setUp((id) => numbered(id, 5));
      const seen: unknown[] = [];
      socket.subscribe$('subscription { a }').subscribe({
        next(value) {
          seen.push(value);
          socket.close();
        },
        complete: () => seen.push('completed'),
      });
      await eventually(() => expect(server.closed).to.deep.equal([{ code: 1000, reason: '' }]));
      expect(seen).to.deep.equal([0, 'completed']);
    });
  });
}
