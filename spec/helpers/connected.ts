import { of, Subject } from 'rxjs';
import type { SentMessage } from 'rx-graphql-ws/testing';
import type { Connection } from '../../lib/connection/connection.js';
import { handshake } from '../../lib/connection/handshake.js';
import { opened } from './opened.js';
import { ack, current } from './wire.js';

/** A connection after its handshake, and the peer's hand on it. */
export function connected(wire = current, received?: (message: SentMessage) => void) {
  const frames$ = new Subject<string>();
  const socket = opened(frames$, wire.subprotocol, received);
  let connection: Connection | undefined;
  const session = of(socket)
    .pipe(handshake())
    .subscribe({ next: (value) => (connection = value), error: () => undefined });
  const receive = (...messages: object[]) => {
    for (const message of messages) frames$.next(JSON.stringify(message));
  };
  receive(ack({ user: 1 }));
  return {
    connection: connection as Connection,
    /** Frames, in one tick. */
    receive,
    /** What the client sent after the init. */
    sent: () => socket.sent.slice(1).map(([, message]) => message),
    /** The socket ends; with an error it is lost. */
    lose: (error: unknown) => frames$.error(error),
    leave: () => session.unsubscribe(),
  };
}
