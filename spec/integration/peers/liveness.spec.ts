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

  const pings = { pingInterval: 20, pongTimeout: 250 };
  const legacy = peers.find(({ attach }) => attach === attachLegacy)!;
  for (const [by, { name, attach, dials }, limits] of [
    ...peers.map((peer) => ['pings', peer, pings] as const),
    ['legacy heartbeats', legacy, {}] as const,
  ])
    it(`${by} keep an idle connection to ${name} alive`, async () => {
      const { peer, statuses } = await setUp(attach, { ...limits, keepAliveTimeout: 300 });
      await delay(650);
      expect(statuses.at(-1)?.state).to.equal('connected');
      expect(peer.offers).to.deep.equal(dials);
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
