import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, of, skip } from 'rxjs';
import type { AttemptContext } from 'rx-graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import type { PeerOptions } from '../../helpers/peers/peer-options.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const viewer = '{ viewer }';
const ticks = 'subscription { ticks }';
const viewers = 'subscription { viewer }';
const acceptToken: PeerOptions = { accept: ({ token }) => token === 'fresh' };
const acceptHeader: PeerOptions = { verify: ({ authorization }) => authorization === 'fresh' };

for (const { name, attach, speaks, dials } of peers) {
  describe(`credentials for ${name}`, () => {
    const start = usePeer();
    const connect = useSocket();
    /** What `connection_init` with bad credentials ends in. */
    const rejected = speaks === 'graphql-ws' ? 'HandshakeError' : 'ConnectionClosedError';

    for (const [kind, connectionParams] of [
      ['constant', { user: 'Ada' }],
      ['an Observable', of({ user: 'Ada' })],
      ['a promise', () => Promise.resolve({ user: 'Ada' })],
    ] as const)
      it(`connectionParams reach the resolvers: ${kind}`, async () => {
        const { url } = await start(attach);
        const socket = connect({ url, connectionParams });
        expect(await lastValueFrom(socket.query$(viewer))).to.deep.equal({ viewer: 'Ada' });
        expect(await lastValueFrom(socket.subscribe$(viewers))).to.deep.equal({ viewer: 'Ada' });
      });

    it('headers reach the resolvers', async () => {
      const peer = await start(attach);
      const webSocketOptions = { headers: { 'X-User': 'Grace' } };
      const socket = connect({ url: peer.url, webSocketOptions });
      expect(await lastValueFrom(socket.query$(viewer))).to.deep.equal({ viewer: 'Grace' });
      expect(peer.upgrades.map((headers) => headers['x-user'])).to.deep.equal(
        dials.map(() => 'Grace'),
      );
    });

    it('constant connectionParams that are refused are final at once', async () => {
      const peer = await start(attach, acceptToken);
      const socket = connect({ url: peer.url, connectionParams: { token: 'stale' } });
      const error = await failureOf(socket.subscribe$(viewers), rejected);
      if (error.name === 'HandshakeError') {
        expect(error).to.deep.include({ kind: 'rejected', payload: { message: 'who are you?' } });
        expect(error.message).to.equal('connection rejected by the server: who are you?');
      } else {
        expect(error).to.include({ code: 4403, reason: 'Forbidden', wasClean: true });
      }
      await delay(60);
      expect(peer.offers).to.deep.equal(dials);
      expect(await firstValueFrom(socket.status$)).to.include({ state: 'failed', error });
    });

    it('a function is asked again, told the refusal, and its fresh token accepted', async () => {
      const peer = await start(attach, acceptToken);
      const asked: AttemptContext[] = [];
      const connectionParams = (context: AttemptContext) => {
        asked.push(context);
        return Promise.resolve({ token: context.error ? 'fresh' : 'stale', user: 'Ada' });
      };
      const socket = connect({ url: peer.url, connectionParams });
      expect(await lastValueFrom(socket.subscribe$(viewers))).to.deep.equal({ viewer: 'Ada' });
      expect(asked.map(({ attempt }) => attempt)).to.deep.equal([0, 1]);
      expect(asked[0]?.error).to.equal(undefined);
      expect(asked[1]?.error?.name).to.equal(rejected);
    });

    it('a function whose fresh token is refused as well is not asked a third time', async () => {
      const peer = await start(attach, acceptToken);
      let asked = 0;
      const connectionParams = () => ({ token: `stale ${(asked += 1)}` });
      const socket = connect({ url: peer.url, connectionParams });
      await failureOf(socket.subscribe$(viewers), rejected);
      await delay(60);
      expect(asked).to.equal(2);
    });

    it('the fresh try is made with retry: false, too', async () => {
      const { url } = await start(attach, acceptToken);
      const connectionParams = ({ error }: AttemptContext) => ({
        token: error ? 'fresh' : 'stale',
      });
      const socket = connect({ url, connectionParams, retry: false });
      expect(await lastValueFrom(socket.query$(viewer))).to.deep.equal({ viewer: null });
    });

    for (const code of [4401, 4403]) {
      it(`a close with ${code} later on is final with constants, and refreshed with a function`, async () => {
        const peer = await start(attach);
        const constant = connect({ url: peer.url, connectionParams: { user: 'Ada' } });
        const refreshed = connect({
          url: peer.url,
          connectionParams: ({ error }) => ({ user: error?.message ?? 'Ada' }),
        });
        const ticking = failureOf(constant.subscribe$(ticks), 'ConnectionClosedError');
        const next = firstValueFrom(refreshed.connection$.pipe(skip(1)));
        refreshed.subscribe$(ticks).subscribe();
        await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(2));
        peer.close(code, 'expired');
        expect(await ticking).to.include({ code, reason: 'expired' });
        await next;
        const { viewer: user } = await lastValueFrom(refreshed.query$<{ viewer: string }>(viewer));
        expect(user).to.equal(`connection closed: ${code} expired`);
      });
    }

    it('constant headers that are refused are final at once', async () => {
      const peer = await start(attach, acceptHeader);
      const webSocketOptions = { headers: { authorization: 'stale' } };
      const socket = connect({ url: peer.url, webSocketOptions });
      const error = await failureOf(socket.subscribe$(viewers), 'ConnectionError');
      expect(error.status).to.equal(401);
      expect(error.message).to.match(/^could not connect to ws:\/\/.*: HTTP 401$/);
      await delay(60);
      expect(peer.upgrades).to.have.length(1);
    });

    it('headers from a function are fresh at the second attempt', async () => {
      const peer = await start(attach, acceptHeader);
      const errors: unknown[] = [];
      const webSocketOptions = ({ error }: AttemptContext) => {
        errors.push(error);
        return { headers: { authorization: error ? 'fresh' : 'stale', 'x-user': 'Grace' } };
      };
      const socket = connect({ url: peer.url, webSocketOptions });
      expect(await lastValueFrom(socket.query$(viewer))).to.deep.equal({ viewer: 'Grace' });
      expect(errors).to.have.length(2);
      expect(errors[1]).to.deep.include({ name: 'ConnectionError', status: 401 });
    });
  });
}
