import { wireNames, type WireNames } from '../wire-names.js';
import type { ReplayPeer } from './replay-peer.js';
import type { Scene } from './scene.js';
import { retell, type ServerFrame } from './server-frame.js';

/** Speaks to a client in its protocol. */
export interface Voice {
  /** Those of the client. */
  readonly names: WireNames;
  /** Hears a client that has negotiated nothing: its protocol shows in what it asks for. */
  hear(type: unknown): void;
  /**
   * Says what was said in the recording.
   *
   * @param id - what this client calls the operation, if it is of one
   */
  say(frame: ServerFrame, id: string | undefined): void;
  /** Fails an operation. */
  refuse(id: string, message: string): void;
  pong(payload: unknown): void;
}

/**
 * The voice of the server in an attempt.
 *
 * @param scene - the attempt
 * @param peer - the client
 * @param subprotocol - that was selected; where none was, the legacy one is spoken until the client speaks the other
 */
export function createVoice(scene: Scene, peer: ReplayPeer, subprotocol: string): Voice {
  const from = wireNames(scene.dialect);
  let to = subprotocol === scene.subprotocol ? from : wireNames(subprotocol);
  return {
    get names() {
      return to;
    },
    hear: (type) => {
      if (subprotocol !== '') return;
      if (type === 'subscribe') to = wireNames('graphql-transport-ws');
      if (type === 'start') to = wireNames('graphql-ws');
    },
    say: (frame, id) => {
      // the current protocol has no message for it
      if (from !== to && frame.message.type === 'connection_error') peer.close(4403, 'Forbidden');
      else peer.send(retell(frame, from, to, id));
    },
    refuse: (id, message) => {
      const payload = to.ping === undefined ? { message } : [{ message }];
      peer.send(JSON.stringify({ type: 'error', id, payload }));
    },
    pong: (payload) => {
      peer.send(JSON.stringify({ type: 'pong', payload }));
    },
  };
}
