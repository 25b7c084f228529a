import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { lastValueFrom, map } from 'rxjs';
import type { AttemptContext } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { record } from '../../helpers/recording.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const ticks = 'subscription { ticks }';

for (const { name, attach } of peers)
  describe(`reconnect() with ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();

    it('sends a subscription again, under a fresh id, on one new connection', async () => {
      const peer = await start(attach);
      const socket = connect({ url: peer.url });
      const seen = record(socket.subscribe$<{ ticks: number }>(ticks));
      const { values: states } = record(socket.status$.pipe(map(({ state }) => state)));
      const { values: events } = record(socket.events$);
      await eventually(() => expect(seen.values.length).to.be.greaterThan(3));
      socket.reconnect({ code: 4001, reason: 'login' });
      const before = seen.values.length;
      await eventually(() => expect(seen.values.length).to.be.greaterThan(before + 3));
      expect(seen.values[before]).to.deep.equal({ ticks: 0 });
      expect(seen.outcome).to.equal('running');
      expect(states.slice(-3)).to.deep.equal(['connected', 'connecting', 'connected']);
      expect(events.filter(({ type }) => type === 'closed').at(-1)).to.include({
        code: 4001,
        reason: 'login',
      });
      await eventually(() => expect(peer.connections).to.equal(1));
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
      expect(peer.seen.ids).to.deep.equal(['1', '2']);
    });

    it('sends a query again, which is answered once, and no mutation', async () => {
      const peer = await start(attach);
      const socket = connect({ url: peer.url });
      const answers = record(socket.query$('{ slow(ms: 80) }'));
      const lost = failureOf(
        socket.mutate$('mutation { increment(ms: 80) }'),
        'ConnectionLostError',
      );
      await eventually(() => expect(peer.seen.calls.get('slow')).to.equal(1));
      await eventually(() => expect(peer.seen.calls.get('increment')).to.equal(1));
      socket.reconnect();
      expect((await lost).message).to.contain('may or may not have run (connection closed: 1000)');
      await eventually(() => expect(answers.outcome).to.equal('completed'));
      expect(answers.values).to.deep.equal([{ slow: 80 }]);
      expect(peer.seen.calls.get('slow')).to.equal(2);
      expect(peer.seen.calls.get('increment')).to.equal(1);
    });

    it('is for a login: the resolvers see the fresh parameters and the fresh headers', async () => {
      const peer = await start(attach);
      let user = 'guest';
      const asked: AttemptContext[] = [];
      const socket = connect({
        url: peer.url,
        connectionParams: (context) => {
          asked.push(context);
          return { user };
        },
        linger: 60_000,
      });
      const byHeader = connect({
        url: peer.url,
        webSocketOptions: () => ({ headers: { 'x-user': user } }),
        linger: 60_000,
      });
      const viewer = async () => [
        await lastValueFrom(socket.query$('{ viewer }')),
        await lastValueFrom(byHeader.query$('{ viewer }')),
      ];
      const ticking = [socket, byHeader].map((each) => record(each.subscribe$(ticks)));
      expect(await viewer()).to.deep.equal([{ viewer: 'guest' }, { viewer: 'guest' }]);
      user = 'Ada';
      socket.reconnect();
      byHeader.reconnect();
      expect(await viewer()).to.deep.equal([{ viewer: 'Ada' }, { viewer: 'Ada' }]);
      expect(asked[1]).to.include({ attempt: 0 });
      expect(asked[1]?.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
      // the next one lingers for nobody
      for (const { unsubscribe } of ticking) unsubscribe();
      await delay(20);
      user = 'Grace';
      socket.reconnect();
      byHeader.reconnect();
      await eventually(() => expect(peer.connections).to.equal(0));
      expect(await viewer()).to.deep.equal([{ viewer: 'Grace' }, { viewer: 'Grace' }]);
    });

    it('is "retry now" while the server is down', async () => {
      const peer = await start(attach);
      const socket = connect({ url: peer.url, retry: { delay: 60_000 } });
      const seen = record(socket.subscribe$(ticks));
      const { values: states } = record(socket.status$.pipe(map(({ state }) => state)));
      await eventually(() => expect(seen.values.length).to.be.greaterThan(1));
      await peer.stop();
      await eventually(() => expect(states.at(-1)).to.equal('waiting'));
      await peer.start();
      const before = seen.values.length;
      socket.reconnect();
      await eventually(() => expect(seen.values.length).to.be.greaterThan(before));
      expect(seen.outcome).to.equal('running');
    });
  });
