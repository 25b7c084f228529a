import { firstValueFrom, materialize, type Observable } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Wire } from '../wire.js';
import { frame, messageFrame } from './frame.js';
import type { OnMessage, RawPeer } from './raw-server.js';

/** Bytes that a server sends in the middle of a conversation, `id` being the victim's. */
export type Hostility = (id: string, peer: RawPeer) => readonly Uint8Array[];

export const saying =
  (...frames: readonly string[]): Hostility =>
  () =>
    frames.map((each) => frame(each));

export const sending =
  (build: (id: string) => object): Hostility =>
  (id) => [messageFrame(build(id))];

/**
 * A server for two operations, the neighbour subscribed before the victim. On the first connection the hostility comes first;
 * then, as on every other connection, each gets a result that tells the number of its connection.
 */
export function hostileServer({ next }: Wire, hostility: Hostility): OnMessage {
  const neighbours = new Map<RawPeer, string>();
  return (peer, { type, id, payload }) => {
    if (type === 'connection_init') peer.write(messageFrame({ type: 'connection_ack' }));
    if (payload?.query.includes('neighbour')) neighbours.set(peer, id);
    if (!payload?.query.includes('victim')) return;
    const result = (each: string) =>
      messageFrame(next(each, { data: `connection ${peer.connection}` }));
    if (peer.connection === 1) peer.write(...hostility(id, peer));
    peer.write(result(neighbours.get(peer) ?? ''), result(id));
  };
}

/** What the neighbour and the victim come to: a value, the name of an error, or `'completed'`. */
export async function outcome({ subscribe$ }: GraphQLSocket): Promise<readonly unknown[]> {
  const neighbour = firstOf(subscribe$('subscription { neighbour }'));
  const victim = firstOf(subscribe$('subscription { victim }'));
  return [await neighbour, await victim];
}

async function firstOf(stream$: Observable<unknown>): Promise<unknown> {
  const first = await firstValueFrom(stream$.pipe(materialize()));
  if (first.kind === 'E') return (first.error as Error).name;
  return first.kind === 'N' ? first.value : 'completed';
}
