import { NEVER, Observable } from 'rxjs';
import type { GraphQLTestServerOptions, Peer, Rejection } from 'rx-graphql-ws/testing/server';
import { createQueue } from '../../lib/testing/server/upgrades.js';
import { currentDialect, legacyDialect } from '../../lib/testing/server/dialects.js';
import type { ServedSocket } from '../../lib/testing/server/create-peer.js';

/** `ack-before-init` acknowledges as soon as the socket is open, and not again. The other names say what comes before the ack. */
export const handshakeFaultNames = [
  'ack-never',
  'ack-twice',
  'ack-before-init',
  'result-before-ack',
  'heartbeat-before-ack',
] as const;

/** A name, an ack with a payload of any shape, a close instead of the ack, or a rejection. */
export type HandshakeFault =
  | (typeof handshakeFaultNames)[number]
  | { readonly ack: unknown }
  | { readonly close: number; readonly reason?: string }
  | Rejection;

export interface HandshakeFaults {
  /** Lets the handshakes of the next sockets go wrong. Without effect on a server with `script`. */
  failHandshakes(fault: HandshakeFault, times?: number): void;
}

type Connect = NonNullable<GraphQLTestServerOptions['connect']>;

/** @param connect - decides on the handshakes without a fault */
export function tamperWithHandshakes(connect: Connect | undefined) {
  const waiting = createQueue<HandshakeFault>();
  const faults = new WeakMap<Peer, HandshakeFault>();
  return {
    onOpen: (served: ServedSocket) => {
      const { peer, dialect } = served;
      const fault = waiting.take();
      if (fault === undefined) return;
      faults.set(peer, fault);
      if (fault !== 'ack-before-init') return;
      peer.send({ type: 'connection_ack' });
      // the client's operations come right behind its init
      Object.assign(served, { dialect: dialect && { ...dialect, waitsForAck: true } });
    },
    connect: ((context) => {
      const { peer, subprotocol } = context;
      const fault = faults.get(peer);
      if (fault === undefined) return connect?.(context);
      if (fault === 'ack-never') return NEVER;
      if (typeof fault === 'object') {
        if (!('close' in fault)) return fault;
        peer.close(fault.close, fault.reason);
        return NEVER;
      }
      const { result, heartbeat } = subprotocol === 'graphql-ws' ? legacyDialect : currentDialect;
      if (fault === 'ack-twice') peer.send({ type: 'connection_ack' });
      else if (fault === 'result-before-ack')
        peer.send({ id: '1', type: result, payload: { data: 'too early' } });
      else if (fault === 'heartbeat-before-ack') peer.send(heartbeat('ping', undefined));
      else
        return new Observable<true>((subscriber) => {
          // The server sends the second ack within `next`.
          peer.silence();
          subscriber.next(true);
          peer.resume();
        });
      return true;
    }) satisfies Connect,
    failHandshakes: (fault: HandshakeFault, times = 1) => waiting.add(fault, times),
    clear: waiting.clear,
  };
}
