import {
  asapScheduler,
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  identity,
  type Observable,
  observeOn,
  of,
  repeat,
  startWith,
  switchMap,
  take,
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

type Timing = 'ackDelay' | 'keepAlive' | 'keepAliveJitter' | 'seed';

export type HandshakeOptions = Settled<Timing | 'keepAliveMessage' | 'keepAlivePayload'> & {
  readonly connect: (context: ConnectionContext) => Eventually<ConnectVerdict>;
  readonly initTimeout: number | false | undefined;
};

export function createHandshake(peer: Peer, dialect: Dialect, options: HandshakeOptions) {
  const received$ = new BehaviorSubject(false);
  const acknowledged$ = new BehaviorSubject<ConnectionContext | undefined>(undefined);
  const contextWith = (connectionParams: unknown): ConnectionContext => {
    const { url, headers } = peer;
    return { peer, connectionParams, url, headers, subprotocol: dialect.subprotocol };
  };
  const admit = (context: ConnectionContext) => {
    const beats = acknowledged$.value !== undefined;
    acknowledged$.next(context);
    return beats ? EMPTY : heartbeats(peer, dialect, options);
  };
  return {
    /** Closes the connection when no `connection_init` comes in time. */
    late$: after(options.initTimeout ?? dialect.initTimeout).pipe(
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
      const context = contextWith(payload);
      return after(options.ackDelay).pipe(
        concatMap(() => eventually(() => options.connect(context))),
        catchError((error: unknown) => of({ reject: formatErrors(error)[0] })),
        switchMap((verdict) => (answer(peer, dialect, verdict) ? admit(context) : EMPTY)),
      );
    },
    /** The context of an operation that comes now; `undefined` if the connection must be acknowledged first. */
    context: (): Observable<ConnectionContext | undefined> => {
      const context$ = acknowledged$.pipe(take(1));
      if (acknowledged$.value ?? !dialect.waitsForAck) return context$;
      // the Apollo server runs an operation before an init, and keeps one behind an init until the ack
      return received$.value
        ? acknowledged$.pipe(filter(Boolean), take(1), observeOn(asapScheduler))
        : of(contextWith(undefined));
    },
  };
}

/** Acknowledges or refuses a `connection_init`. @returns whether it is acknowledged */
function answer(peer: Peer, dialect: Dialect, verdict: ConnectVerdict): boolean {
  checkVerdict('connect', verdict);
  const given = verdict === false ? { reject: { message: 'Forbidden' } } : verdict;
  if (typeof given === 'object' && 'reject' in given) {
    dialect.refuse(peer, given);
    return false;
  }
  const payload = typeof given === 'object' ? given.ack : undefined;
  peer.send({ type: 'connection_ack', payload });
  return true;
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
