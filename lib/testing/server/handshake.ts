import {
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  identity,
  type Observable,
  of,
  repeat,
  startWith,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { isBoolean, isObject, mustReturn } from '../check.js';
import type { Dialect } from './dialects.js';
import { type ConnectionContext, formatErrors } from './operation-handler.js';
import type { Settled } from './options.js';
import type { Peer } from './peer.js';
import { seededRandom } from './seeded-random.js';
import { after, type ConnectVerdict, eventually, type Eventually } from './verdict.js';
import type { WireMessage } from './wire-message.js';

type Timing = 'ackDelay' | 'initTimeout' | 'keepAlive' | 'keepAliveJitter' | 'seed';

/** The options of a handshake and of the heartbeats after it. */
export type HandshakeOptions = Settled<Timing | 'keepAliveMessage' | 'keepAlivePayload'> & {
  readonly connect: (context: ConnectionContext) => Eventually<ConnectVerdict>;
};

/** Waits for the client's `connection_init` and answers it. */
export function createHandshake(peer: Peer, dialect: Dialect, options: HandshakeOptions) {
  const received$ = new BehaviorSubject(false);
  let acknowledged: ConnectionContext | undefined;
  const answer = (context: ConnectionContext) => (verdict: ConnectVerdict) => {
    checkVerdict('connect', verdict);
    const given = verdict === false ? { reject: { message: 'Forbidden' } } : verdict;
    if (typeof given === 'object' && 'reject' in given) {
      dialect.refuse(peer, given);
      return EMPTY;
    }
    peer.send({
      type: 'connection_ack',
      payload: typeof given === 'object' ? given.ack : undefined,
    });
    const beats = acknowledged !== undefined;
    acknowledged = context;
    return beats ? EMPTY : heartbeats(peer, dialect, options);
  };
  return {
    /** Closes the connection when no `connection_init` comes in time. */
    late$: after(options.initTimeout).pipe(
      tap(() => peer.close(4408, 'Connection initialisation timeout')),
      takeUntil(received$.pipe(filter(Boolean))),
    ),
    /** Answers a `connection_init`, then sends heartbeats until unsubscribed from. */
    init: ({ payload }: WireMessage): Observable<unknown> => {
      if (received$.value && !dialect.acknowledgesAgain) {
        peer.close(4429, 'Too many initialisation requests');
        return EMPTY;
      }
      received$.next(true);
      const { url, headers } = peer;
      const { subprotocol } = dialect;
      const context = { peer, connectionParams: payload, url, headers, subprotocol };
      return after(options.ackDelay).pipe(
        concatMap(() => eventually(() => options.connect(context))),
        catchError((error: unknown) => of({ reject: formatErrors(error)[0] })),
        switchMap(answer(context)),
      );
    },
    /** The context of the operations, after the ack. */
    acknowledged: () => acknowledged,
  };
}

const checkVerdict = mustReturn(
  'nothing, a boolean, `{ ack }` or `{ reject, code, reason }`',
  (value) =>
    value === undefined ||
    isBoolean(value) ||
    (isObject(value) && ('ack' in value || 'reject' in value)),
);

function heartbeats(
  peer: Peer,
  dialect: Dialect,
  { keepAlive, keepAliveJitter, keepAliveMessage, keepAlivePayload, seed }: HandshakeOptions,
): Observable<unknown> {
  if (keepAlive === false) return EMPTY;
  // Each connection draws its own numbers, because other connections must not change its times.
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + peer.connection);
  const wait = () => keepAlive * (1 + keepAliveJitter * (2 * random() - 1));
  return defer(() => timer(wait())).pipe(
    repeat(),
    dialect.beatsAtOnce ? startWith(-1) : identity,
    tap(() => peer.send(dialect.heartbeat(keepAliveMessage, keepAlivePayload))),
  );
}
