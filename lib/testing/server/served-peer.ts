import type { Closer } from './create-closer.js';
import type { Peer } from './peer.js';
import type { Frame } from './wire-message.js';

/** A peer as the server itself has it. */
export interface ServedPeer extends Peer, Pick<Closer, 'closing$'> {
  /** Answers a ping, even when it is `silent` otherwise. */
  answer(frame: Frame): void;
}
