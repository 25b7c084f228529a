import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Frame, Peer } from 'rx-graphql-ws/testing/server';

/** A frame for the operation with the id. */
export type Answer = (id: unknown, peer: Peer) => Frame;

/** A result, in the protocol that the peer speaks. */
export const resultOf =
  (payload: unknown): Answer =>
  (id, { subprotocol }) => ({
    id,
    type: subprotocol === GRAPHQL_TRANSPORT_WS ? 'next' : 'data',
    payload,
  });

/** The end of an operation, as servers of both protocols send it. */
export const completion = (id: unknown) => ({ id, type: 'complete' });

/** Reads the init and acknowledges it. */
export async function acknowledge(peer: Peer, payload?: unknown): Promise<void> {
  await peer.read('connection_init');
  peer.send({ type: 'connection_ack', payload });
}

/**
 * A script that answers each operation in turn with one frame and `complete`, and then expects the client to say goodbye
 * as its protocol has it.
 */
export function answering(...answers: readonly Answer[]): (peer: Peer) => Promise<void> {
  return async (peer) => {
    await acknowledge(peer);
    for (const answer of answers) {
      const { id } = await peer.read();
      peer.send(answer(id, peer), { id, type: 'complete', payload: null });
    }
    if (peer.subprotocol !== GRAPHQL_TRANSPORT_WS) await peer.read('connection_terminate');
  };
}
