import {
  BehaviorSubject,
  defer,
  EMPTY,
  filter,
  identity,
  repeat,
  startWith,
  switchMap,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { after } from './after.js';
import type { Dialect } from './dialect.js';
import type { HandshakeFault } from './faults/handshake-fault.js';
import type { Settled } from './graphql-test-server-options.js';
import type { ConnectionContext } from './operation-handler.js';
import type { Peer } from './peer.js';
import { seededRandom } from './seeded-random.js';
import { shakeHands } from './shake-hands.js';
import type { WireMessage } from './wire-message.js';

/** The options that shape the beginning of a conversation. */
export type GreetingOptions = Settled<
  | 'ackDelay'
  | 'connect'
  | 'initTimeout'
  | 'keepAlive'
  | 'keepAliveJitter'
  | 'keepAliveMessage'
  | 'keepAlivePayload'
  | 'seed'
> & {
  /** What goes wrong with the handshake of the next socket. */
  readonly nextFault: () => HandshakeFault | undefined;
};

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
  const greeted$ = new BehaviorSubject(false);
  let acknowledged: ConnectionContext | undefined;
  const fault = options.nextFault();
  if (fault === 'ack-before-init') peer.send({ type: 'connection_ack' });
  return {
    late$: after(options.initTimeout).pipe(
      tap(() => {
        peer.close(4408, 'Connection initialisation timeout');
      }),
      // A timer that went on would keep the process alive.
      takeUntil(greeted$.pipe(filter(Boolean))),
    ),
    init: ({ payload }) => {
      if (greeted$.value && !dialect.acknowledgesAgain) {
        peer.close(4429, 'Too many initialisation requests');
        return EMPTY;
      }
      greeted$.next(true);
      if (fault === 'ack-never') return EMPTY;
      if (typeof fault === 'object' && 'close' in fault) {
        peer.close(fault.close, fault.reason);
        return EMPTY;
      }
      const { url, headers } = peer;
      const { subprotocol } = dialect;
      const context = { peer, connectionParams: payload, url, headers, subprotocol };
      return shakeHands(dialect, options, context, fault).pipe(
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
  { keepAlive, keepAliveJitter, keepAliveMessage, keepAlivePayload, seed }: GreetingOptions,
): Observable<unknown> {
  if (keepAlive === false) return EMPTY;
  // Of each connection its own: it must not matter how often others beat.
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + peer.connection);
  const wait = () => keepAlive * (1 + keepAliveJitter * (2 * random() - 1));
  return defer(() => timer(wait())).pipe(
    repeat(),
    dialect.beatsAtOnce ? startWith(-1) : identity,
    tap(() => {
      peer.send(dialect.heartbeat(keepAliveMessage, keepAlivePayload));
    }),
  );
}
