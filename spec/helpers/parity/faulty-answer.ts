import type { Frame, Peer } from 'rx-graphql-ws/testing/server';
import { acknowledge, completion, resultOf } from './answering.js';
import { continents } from './continents.js';

/** What a frame that is not as the protocol has it may do. */
export type Damage =
  /** The connection is given up. */
  | 'connection'
  /** The operation fails; the connection goes on. */
  | 'operation'
  /** Nothing. */
  | 'none';

/**
 * A script that answers the first operation of the first connection with a faulty frame, and with a proper result where the
 * fault should do no damage; all operations after it properly.
 */
export function faultyAnswer(frame: Frame, damage: Damage): (peer: Peer) => Promise<void> {
  return async (peer) => {
    const proper = (id: unknown) =>
      peer.send(resultOf({ data: continents })(id, peer), completion(id));
    await acknowledge(peer);
    const first = await peer.read();
    const faulty = peer.connection === 1;
    if (faulty) peer.send(frame);
    if (!faulty || damage === 'none') proper(first.id);
    for await (const { type, id } of peer) if (type === first.type) proper(id);
  };
}
