import { expect } from 'chai';
import { firstValueFrom, materialize, type Observable } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Wire } from '../wire.js';
import { messageFrame } from './frame.js';
import type { OnMessage, RawPeer, RawServer } from './raw-server.js';

/** Bytes that a server sends in the middle of a conversation, `id` being the victim's. */
export type Hostility = (id: string, peer: RawPeer) => readonly Uint8Array[];

/**
 * A server for two operations, the neighbour subscribed before the victim. On the first connection the hostility comes first;
 * then, as on every other connection, each gets a result that tells the number of its connection.
 */
export function hostileServer({ next }: Wire, hostility: Hostility): OnMessage {
  const neighbours = new Map<RawPeer, string>();
  return (peer, { type, id, payload }) => {
    if (type === 'connection_init') peer.write(messageFrame({ type: 'connection_ack' }));
    if (payload?.query?.includes('neighbour')) neighbours.set(peer, id);
    if (!payload?.query?.includes('victim')) return;
    const result = (each: string) =>
      messageFrame(next(each, { data: `connection ${peer.connection}` }));
    if (peer.connection === 1) peer.write(...hostility(id, peer));
    peer.write(result(neighbours.get(peer) ?? ''), result(id));
  };
}

/** What the neighbour and the victim come to: a value, or the name of an error. */
export async function outcome(
  { subscribe$ }: GraphQLSocket,
  server: RawServer,
): Promise<{ neighbour: unknown; victim: unknown; closeCodes: readonly number[] }> {
  const neighbour = firstOf(subscribe$('subscription { neighbour }'));
  const victim = firstOf(subscribe$('subscription { victim }'));
  return {
    neighbour: await neighbour,
    victim: await victim,
    closeCodes: server.peers.length > 1 ? server.closeCodes.slice(0, 1) : [],
  };
}

/** What comes of a fault that one connection does not survive: each operation goes on, on the next. */
export function expectReconnected({ neighbour, victim }: Awaited<ReturnType<typeof outcome>>) {
  expect({ neighbour, victim }).to.deep.equal({
    neighbour: 'connection 2',
    victim: 'connection 2',
  });
}

async function firstOf(stream$: Observable<unknown>): Promise<unknown> {
  const first = await firstValueFrom(stream$.pipe(materialize()));
  if (first.kind === 'E') return (first.error as Error).name;
  return first.kind === 'N' ? first.value : 'completed';
}
