import type { Observable } from 'rxjs';
import { defer, EMPTY, filter, map, mergeMap, skip } from 'rxjs';
import type { GraphQLSocket, SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import type { GraphQLWsClient, GraphQLWsListeners } from './client.js';
import { presentSocket } from './present-socket.js';
import { toMessage } from './to-message.js';

/** The arguments of listeners, by the name of their event. */
type Calls = {
  readonly [E in keyof GraphQLWsListeners]: Observable<Parameters<GraphQLWsListeners[E]>>;
};

type Payload = Record<string, unknown> | undefined;

/** The `on` of a client. It listens to the socket object for each listener anew, and to nothing without any. */
export function createOn(socket: GraphQLSocket): GraphQLWsClient['on'] {
  const calls = new Map<string, Observable<readonly unknown[]>>(
    Object.entries(createCalls(socket)),
  );
  return (event: string, listener: (...given: never) => void) => {
    const call$ = calls.get(event);
    if (!call$) {
      const names = [...calls.keys()].join(', ');
      throw new ConfigurationError('event', `no event \`${event}\`: there are ${names}`);
    }
    const call = listener as (...given: readonly unknown[]) => void;
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
    const listening = call$.subscribe((given) => {
      call(...given);
    });
    return () => {
      listening.unsubscribe();
    };
  };
}

function createCalls(socket: GraphQLSocket): Calls {
  const status$ = followStatus(socket.status$);
  return {
    connecting: inState(status$, 'connecting').pipe(map(({ isRetry }) => [isRetry])),
    opened: eventsOf(socket, 'opened').pipe(
      map(({ connection }) => {
        // another protocol may be tried within the attempt, and the state stays the same
        const closed$ = eventsOf(socket, 'closed').pipe(
          filter((closed) => closed.connection === connection),
        );
        return [presentSocket(socket, closed$)];
      }),
    ),
    connected: inState(status$, 'connected').pipe(
      map(({ ackPayload, isRetry }) => [
        presentSocket(socket, EMPTY),
        ackPayload as Payload,
        isRetry,
      ]),
    ),
    ping: eventsOf(socket, 'ping').pipe(map(toBeat)),
    pong: eventsOf(socket, 'pong').pipe(map(toBeat)),
    message: eventsOf(socket, 'received').pipe(
      mergeMap(({ message }) => toMessage(message)),
      map((message) => [message]),
    ),
    closed: eventsOf(socket, 'closed').pipe(
      map(({ code, reason, wasClean }) => [{ code, reason, wasClean }]),
    ),
    error: status$.pipe(
      filter(isFailure),
      map(({ error }) => [error]),
    ),
  };
}

const eventsOf = <T extends SocketEvent['type']>({ events$ }: GraphQLSocket, name: T) =>
  events$.pipe(filter((told): told is Extract<SocketEvent, { type: T }> => told.type === name));

const toBeat = ({
  direction,
  payload,
}: Extract<SocketEvent, { type: 'ping' | 'pong' }>): [boolean, Payload] => [
  direction === 'received',
  payload as Payload,
];

type Followed = SocketStatus & { readonly isRetry: boolean };

const inState = <S extends SocketStatus['state']>(status$: Observable<Followed>, name: S) =>
  status$.pipe(
    filter((status): status is Extract<Followed, { state: S }> => status.state === name),
  );

/** An attempt or a connection has failed otherwise than by a close. Attempt 0 waits for its turn, and its error was told before. */
function isFailure(status: Followed): status is Extract<Followed, { error: unknown }> {
  return (
    'error' in status &&
    status.error.name !== 'ConnectionClosedError' &&
    (status.state === 'failed' || status.attempt > 0)
  );
}

/** The states after the present one. A dial is a retry until the socket object has rested. */
function followStatus(status$: Observable<SocketStatus>): Observable<Followed> {
  return defer(() => {
    let goesOn = false;
    return status$.pipe(
      map((status) => {
        const { state } = status;
        const isDialled = ['connecting', 'waiting', 'connected'].includes(state);
        const isAttempt = 'attempt' in status && status.attempt > 0;
        const isRetry = isDialled && (goesOn || isAttempt);
        goesOn = isRetry || state === 'connected';
        return { ...status, isRetry };
      }),
      skip(1),
    );
  });
}
