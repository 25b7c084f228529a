import type { Observable } from 'rxjs';
import { defer, filter, finalize, noop, take } from 'rxjs';
import { checkConfig } from './check-options.js';
import type { GraphQLSocketConfig, SubscribeOptions } from './config.js';
import { burstOf } from './connection/context.js';
import type { Turns } from './connection/reconnect/dial-limit.js';
import { createBucket, createDialLimit } from './connection/reconnect/dial-limit.js';
import type { SocketStatus } from './connection/status/status.js';
import { createSocket } from './graphql-socket.js';
import type { GraphQLSocket } from './graphql-socket-api.js';
import { callUser, checkAll, isFunction, misplaced, must } from './validate.js';

/** Runs operations: a socket object, or {@link dedicated} ones. */
export type Operations = Pick<
  GraphQLSocket,
  'subscribe$' | 'query$' | 'mutate$' | 'execute$' | 'payload$' | 'reconnect' | 'close'
>;

/** Options of {@link dedicated}. */
export interface DedicatedOptions {
  /** Is given each socket object when it is made, for its `status$` and `events$`. One is made at once; each is used again when its operation has ended. */
  opened?: ((socket: GraphQLSocket) => void) | undefined;
}

/**
 * Runs each operation on a socket of its own, which is closed when the operation is unsubscribed: for servers that ignore `stop`.
 *
 * The limit on dials holds for all of these sockets together. It is ten in a burst and five a second, and after a failure three in a burst and one a
 * second, until a connection has been of use. `reconnect()` renews all connections. `linger` is taken as 0. `share` is refused: use rxjs' `share()`.
 *
 * @throws ConfigurationError - an option that is unknown, missing or wrong; from `subscribe$`, `share`.
 *
 * @example
 * ```ts
 * const streams = dedicated({ url: 'wss://example.org/graphql', subprotocols: ['graphql-ws'] });
 * // the server ends the stream of the old token, because its socket is closed
 * token$.pipe(switchMap((token) => streams.subscribe$({ query, variables: { token } }))).subscribe(show);
 * ```
 */
export function dedicated(config: GraphQLSocketConfig, options: DedicatedOptions = {}): Operations {
  checkConfig(config);
  checkAll('option', options, { opened: must('a function', isFunction) });
  const { opened } = options;
  const own = { ...config, linger: 0 };
  const limit = createDialLimit(turnsOfMany(burstOf(own)));
  const sockets: GraphQLSocket[] = [];
  const create = () => {
    const socket = createSocket(own, limit);
    sockets.push(socket);
    if (opened) callUser('opened', () => opened(socket));
    return socket;
  };
  const operations = {
    reconnect(given) {
      for (const socket of sockets) socket.reconnect(given);
    },
    close() {
      for (const socket of sockets) socket.close();
    },
  } as Operations;
  const first = create();
  const free = [first];
  for (const method of methods) {
    operations[method] = (request: never, given?: SubscribeOptions) => {
      const run = (socket: GraphQLSocket) => socket[method](request, given) as Observable<never>;
      // throws now if the options are wrong
      void run(first);
      if (given?.share)
        throw misplaced('share', 'option of `dedicated()`', 'stream to `share()` of rxjs');
      return defer(() => {
        const socket = free.pop() ?? create();
        return run(socket).pipe(finalize(() => release(socket, free)));
      });
    };
  }
  return operations;
}

/** Keeps the socket object for the next operation, because it knows the server. */
function release(socket: GraphQLSocket, free: GraphQLSocket[]) {
  const isUnused = ({ state }: SocketStatus) => ['idle', 'failed', 'closed'].includes(state);
  socket.status$
    .pipe(filter(isUnused), take(1))
    // a status never errors
    .subscribe({ next: () => free.push(socket), error: noop });
}

const methods = ['subscribe$', 'query$', 'mutate$', 'execute$', 'payload$'] as const;

/**
 * Many sockets that start, or that were of use, have ten dials in a burst and five a second. After a failure they have what one socket has, because
 * a server that refuses is not to be hammered.
 */
function turnsOfMany(burst = 3): Turns {
  const slow = createBucket(burst, 1_000);
  const fast = createBucket(Math.max(burst, 10), 200);
  let present = fast;
  return {
    wait() {
      // both, because each forgets by the clock what is long ago
      slow.wait();
      fast.wait();
      return present.wait();
    },
    take() {
      slow.take();
      fast.take();
    },
    credit(ms) {
      slow.credit(ms);
      fast.credit(ms);
    },
    judge(wasOfUse) {
      present = wasOfUse ? fast : slow;
    },
  };
}
