import { expect } from 'chai';
import { describe, it } from 'mocha';
import { noop } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { attachGraphqlWs } from '../../helpers/peers/graphql-ws-peer.js';
import { attachLegacy } from '../../helpers/peers/legacy-peer.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const idle = '{ slow(ms: 60000) }';

describe('liveness of real servers', () => {
  const start = usePeer();
  const connect = useSocket();
  const setUp = async (attach: typeof attachLegacy, config: Partial<GraphQLSocketConfig>) => {
    const peer = await start(attach);
    const socket = connect({ url: peer.url, ...config });
    const statuses: SocketStatus[] = [];
    socket.status$.subscribe((status) => statuses.push(status));
    // ended by close() after the test
    socket.query$(idle).subscribe({ error: noop });
    await eventually(() => expect(statuses.at(-1)?.state).to.equal('connected'));
    return { peer, statuses };
  };

  for (const { name, attach, dials } of peers) {
    it(`pings keep an idle connection to ${name} alive`, async () => {
      const limits = { pingInterval: 20, pongTimeout: 250, keepAliveTimeout: 300 };
      const { peer, statuses } = await setUp(attach, limits);
      await delay(650);
      expect(statuses.at(-1)?.state).to.equal('connected');
      expect(peer.offers).to.deep.equal(dials);
    });
  }

  it('the legacy heartbeat keeps an idle connection alive without pings', async () => {
    const { peer, statuses } = await setUp(attachLegacy, { keepAliveTimeout: 300 });
    await delay(650);
    expect(statuses.at(-1)?.state).to.equal('connected');
    expect(peer.upgrades).to.have.length(2);
  });

  it('an idle connection without heartbeat and pings is given up, and dialled again', async () => {
    const limits = { pingInterval: false, keepAliveTimeout: 50 } as const;
    const { peer, statuses } = await setUp(attachGraphqlWs, limits);
    await eventually(() => expect(peer.upgrades.length).to.be.greaterThan(1));
    expect(statuses.find(({ state }) => state === 'waiting')).to.have.nested.include({
      'error.name': 'SilentDisconnectError',
      'error.kind': 'silence',
    });
    await eventually(() => expect(peer.seen.calls.get('slow')).to.be.greaterThan(1));
  });
});
