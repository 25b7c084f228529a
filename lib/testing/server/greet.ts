import { EMPTY, identity, interval, startWith, switchMap, tap, type Observable } from 'rxjs';
import { after } from './after.js';
import type { Dialect } from './dialect.js';
import type { Settled } from './graphql-test-server-options.js';
import type { ConnectionContext } from './operation-handler.js';
import type { Peer } from './peer.js';
import { shakeHands } from './shake-hands.js';
import type { WireMessage } from './wire-message.js';

/** The options that shape the beginning of a conversation. */
export type GreetingOptions = Settled<
  'ackDelay' | 'connect' | 'initTimeout' | 'keepAlive' | 'keepAliveMessage' | 'keepAlivePayload'
>;

/** The beginning of a conversation. */
export interface Greeting {
  /** Closes the connection when no `connection_init` comes in time. */
  readonly late$: Observable<unknown>;
  /** Answers a `connection_init`, then beats until unsubscribed from. */
  init(message: WireMessage): Observable<unknown>;
  /** The context of the operations, once there was an ack. */
  acknowledged(): ConnectionContext | undefined;
}

/**
 * Waits for the client's `connection_init` and answers it.
 *
 * @param peer - the client
 * @param dialect - the protocol
 * @param options - the server's
 */
export function greet(peer: Peer, dialect: Dialect, options: GreetingOptions): Greeting {
  let greeted = false;
  let acknowledged: ConnectionContext | undefined;
  return {
    late$: after(options.initTimeout).pipe(
      tap(() => {
        if (!greeted) peer.close(4408, 'Connection initialisation timeout');
      }),
    ),
    init: ({ payload }) => {
      if (greeted && !dialect.acknowledgesAgain) {
        peer.close(4429, 'Too many initialisation requests');
        return EMPTY;
      }
      greeted = true;
      const { url, headers } = peer;
      const { subprotocol } = dialect;
      const context = { peer, connectionParams: payload, url, headers, subprotocol };
      return shakeHands(dialect, options, context).pipe(
        switchMap(() => {
          const beating = acknowledged !== undefined;
          acknowledged = context;
          return beating ? EMPTY : beat(peer, dialect, options);
        }),
      );
    },
    acknowledged: () => acknowledged,
  };
}

function beat(
  peer: Peer,
  dialect: Dialect,
  { keepAlive, keepAliveMessage, keepAlivePayload }: GreetingOptions,
): Observable<unknown> {
  if (keepAlive === false) return EMPTY;
  return interval(keepAlive).pipe(
    dialect.beatsAtOnce ? startWith(-1) : identity,
    tap(() => {
      peer.send(dialect.heartbeat(keepAliveMessage, keepAlivePayload));
    }),
  );
}
