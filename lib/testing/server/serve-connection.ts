import {
  asapScheduler,
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  merge,
  mergeMap,
  type Observable,
  observeOn,
  of,
  repeat,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { isBoolean, isObject, mustReturn } from '../check.js';
import type { ConnectionContext } from './api/options.js';
import type { ConnectVerdict, Peer, WireMessage } from './api/peer.js';
import type { Core } from './core.js';
import type { ServedSocket } from './create-peer.js';
import { type Dialect, parseWireMessage, type Verb } from './dialects.js';
import { after, afterHops, eventually } from './eventually.js';
import { formatErrors, runOperations } from './operations.js';
import { seededRandom } from './seeded-random.js';

type Verbs = Readonly<Record<Verb, (message: WireMessage) => Observable<unknown>>>;

/** Plays the server's part on one connection. */
export function serveConnection(
  served: ServedSocket,
  dialect: Dialect,
  core: Core,
): Observable<unknown> {
  const { peer, closing$ } = served;
  return defer(() => {
    const operations = runOperations(dialect, core);
    const { late$, init, context } = createHandshake(peer, dialect, core.options);
    const verbs: Verbs = {
      init,
      subscribe: ({ id, payload }) =>
        context().pipe(mergeMap((found) => operations.start(String(id), payload, found))),
      ...otherVerbs(served, dialect, core.options, operations.end),
    };
    const react = (frame: string) => {
      const message = parseWireMessage(frame);
      const verb = message && dialect.verbs.get(message.type);
      if (verb && dialect.isWhole(message)) return verbs[verb](message);
      dialect.malformed(peer, frame);
      return EMPTY;
    };
    const conversation$ = merge(late$, peer.frames$.pipe(mergeMap(react))).pipe(
      finalize(operations.endAll),
      // The operations end with our close frame, also if the client never answers it.
      takeUntil(closing$),
    );
    return merge(conversation$, peer.closed$);
  });
}

function otherVerbs(
  { peer, send }: ServedSocket,
  { isLegacy }: Dialect,
  { ignoreStop, answerPings }: Core['options'],
  end: (id: unknown) => boolean,
): Omit<Verbs, 'init' | 'subscribe'> {
  return {
    stop: ({ id }) => {
      if (!ignoreStop && end(id) && isLegacy) peer.send({ id, type: 'complete' });
      return EMPTY;
    },
    ping: ({ payload }) => {
      if (!answerPings) return EMPTY;
      return afterHops(1, () => {
        try {
          // Not by the peer, which may be silent.
          send([{ type: 'pong', payload }]);
        } catch {
          // The payload is too deep for `JSON.stringify`, although `JSON.parse` could read it.
          peer.close(4500, 'Internal server error');
        }
      });
    },
    pong: () => EMPTY,
    terminate: () => {
      peer.close();
      return EMPTY;
    },
  };
}

function createHandshake(peer: Peer, dialect: Dialect, options: Core['options']) {
  const received$ = new BehaviorSubject(false);
  const acknowledged$ = new BehaviorSubject<ConnectionContext | undefined>(undefined);
  const contextWith = (connectionParams: unknown): ConnectionContext => {
    const { url, headers } = peer;
    return { peer, connectionParams, url, headers, subprotocol: dialect.subprotocol };
  };
  const admit = (context: ConnectionContext, verdict: ConnectVerdict) => {
    const beats = acknowledged$.value !== undefined;
    if (!answerInit(peer, dialect, verdict)) return EMPTY;
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
      if (received$.value && !dialect.isLegacy)
        return refuse(peer, 4429, 'Too many initialisation requests');
      received$.next(true);
      const context = contextWith(payload);
      return after(options.ackDelay).pipe(
        concatMap(() => eventually(() => options.connect(context))),
        catchError((error: unknown) => of({ reject: formatErrors(error)[0] })),
        switchMap((verdict) => admit(context, verdict)),
      );
    },
    /** Emits the context of an operation that comes now. Closes the connection if it must be acknowledged first. */
    context: (): Observable<ConnectionContext> => {
      if (acknowledged$.value) return of(acknowledged$.value);
      if (!dialect.waitsForAck) return refuse(peer, 4401, 'Unauthorized');
      // the Apollo server runs an operation before an init, and keeps one behind an init until the ack
      return received$.value
        ? acknowledged$.pipe(filter(Boolean), take(1), observeOn(asapScheduler))
        : of(contextWith(undefined));
    },
  };
}

function refuse(peer: Peer, code: number, reason: string) {
  peer.close(code, reason);
  return EMPTY;
}

const checkVerdict = mustReturn(
  'nothing, a boolean, `{ ack }` or `{ reject, code, reason }`',
  (value) =>
    value === undefined ||
    isBoolean(value) ||
    (isObject(value) && ('ack' in value || 'reject' in value)),
);

/** Acknowledges or refuses a `connection_init`. @returns whether it is acknowledged */
function answerInit(peer: Peer, dialect: Dialect, verdict: ConnectVerdict): boolean {
  checkVerdict('connect', verdict);
  const given = verdict === false ? { reject: { message: 'Forbidden' } } : verdict;
  if (typeof given === 'object' && 'reject' in given) {
    dialect.refuse(peer, given);
    return false;
  }
  peer.send({ type: 'connection_ack', payload: typeof given === 'object' ? given.ack : undefined });
  return true;
}

function heartbeats(
  peer: Peer,
  { isLegacy, heartbeat }: Dialect,
  { keepAlive, keepAliveJitter, keepAliveMessage, keepAlivePayload, seed }: Core['options'],
): Observable<unknown> {
  if (keepAlive === false) return EMPTY;
  // Each connection draws its own numbers, because other connections must not change its times.
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) + peer.connection);
  const wait = () => keepAlive * (1 + keepAliveJitter * (2 * random() - 1));
  return merge(isLegacy ? of(0) : EMPTY, defer(() => timer(wait())).pipe(repeat())).pipe(
    tap(() => peer.send(heartbeat(keepAliveMessage, keepAlivePayload))),
  );
}
