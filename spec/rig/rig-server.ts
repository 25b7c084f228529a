import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type {
  FaultScript,
  GraphQLTestServer,
  GraphQLTestServerOptions,
  LiveOperation,
  OperationHandler,
  ServerFaults,
} from 'rx-graphql-ws/testing/server';
import {
  asapScheduler,
  defer,
  dematerialize,
  finalize,
  from,
  map,
  materialize,
  merge,
  NEVER,
  type ObservableNotification,
  Subject,
  tap,
} from 'rxjs';
import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import { createServer } from '../../lib/testing/server/create-server.js';
import { currentDialect } from '../../lib/testing/server/dialects.js';
import type { Prepared } from '../../lib/testing/server/server-faults.js';
import { type Corruption, corruptLine } from './corruption.js';
import { crossDialects, type DialFault, toDialFault } from './dials.js';
import { type Garbage, garbageFrames } from './garbage.js';
import { type HandshakeFaults, tamperWithHandshakes } from './handshakes.js';
import { operationHead } from '../../lib/testing/operation-head.js';

/** Faults in the results of live operations: of one by its id or its name, or of all. */
interface ResultFaults {
  /** Answers the operations that start from now on with nothing, and does not call the handler. */
  neverStart(): void;
  startOperations(): void;
  /** Completes the operation. */
  complete(match?: string): void;
  fail(match?: string, errors?: readonly GraphQLFormattedError[]): void;
  /** Pads the next result of all, in its `extensions`, by so many bytes. */
  oversize(bytes: number): void;
  /** Sends the last result again after the end of the operation; `{ data: null }` if there was none. */
  late(match?: string): void;
}

interface Outlet {
  readonly operation: LiveOperation;
  /** Ends the operation instead of the handler. */
  readonly end$: Subject<ObservableNotification<never>>;
  /** Bytes of the next result. */
  padding: number | undefined;
  lingers: boolean;
}

/** Makes the faults, and the wrapper of the handler on whose results they act. */
function tamperWithResults() {
  const outlets = new Set<Outlet>();
  let starting = true;
  const matching = (match?: string) =>
    [...outlets].filter(({ operation: { id, request } }) =>
      [undefined, id, operationHead(request).name].includes(match),
    );
  const end = (match: string | undefined, notification: ObservableNotification<never>) => {
    for (const { end$ } of matching(match)) end$.next(notification);
  };
  const faults: ResultFaults = {
    neverStart: () => {
      starting = false;
    },
    startOperations: () => {
      starting = true;
    },
    complete: (match) => end(match, { kind: 'C' }),
    fail: (match, errors = [{ message: 'internal server error' }]) =>
      end(match, { kind: 'E', error: errors }),
    oversize: (padding) => {
      for (const outlet of outlets) Object.assign(outlet, { padding });
    },
    late: (match) => {
      for (const outlet of matching(match)) Object.assign(outlet, { lingers: true });
    },
  };
  const wrapHandler =
    (handle: OperationHandler): OperationHandler =>
    (request, context) => {
      const { peer, subprotocol } = context;
      const { id } = request;
      const operation = { connection: peer.connection, id, request };
      const end$ = new Subject<ObservableNotification<never>>();
      const outlet: Outlet = { operation, end$, padding: undefined, lingers: false };
      outlets.add(outlet);
      let last: ExecutionResult = { data: null };
      const results$ = starting ? defer(() => from(handle(request, context))) : NEVER;
      return merge(results$.pipe(materialize()), end$).pipe(
        dematerialize(),
        map((result) => padded(result, outlet)),
        tap((result) => {
          last = result;
        }),
        finalize(() => {
          outlets.delete(outlet);
          const type = subprotocol === 'graphql-ws' ? 'data' : 'next';
          // the end of the operation is sent first
          if (outlet.lingers) asapScheduler.schedule(() => peer.send({ id, type, payload: last }));
        }),
      );
    };
  return { faults, wrapHandler };
}

function padded(result: ExecutionResult, outlet: Outlet): ExecutionResult {
  const { padding } = outlet;
  if (padding === undefined) return result;
  outlet.padding = undefined;
  return { ...result, extensions: { padding: 'x'.repeat(padding) } };
}

/** Faults below HTTP and TLS, for a server that does not listen yet. */
function tamperWithTcp(server: Server) {
  const byPort = new Map<number | undefined, Socket>();
  let stalled = 0;
  const [track, ...accept] = server.listeners('connection');
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    byPort.set(socket.remotePort, socket);
    Reflect.apply(track!, server, [socket]);
    if (stalled-- > 0) ignore(socket);
    else for (const listener of accept) Reflect.apply(listener, server, [socket]);
  });
  return {
    /** Ends a connection with RST. A TLS stream has the port of its TCP connection, and no way to reset it. */
    reset: (stream: Duplex) =>
      byPort.get((stream as Pick<Socket, 'remotePort'> & Duplex).remotePort)?.resetAndDestroy(),
    /** Accepts TCP and does not answer TLS, for the next connections. */
    stallTls: (times: number) => {
      stalled = times;
    },
  };
}

/** Reads a connection without an answer, because otherwise the server would not see that the client has gone. */
function ignore(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy()).resume();
}

/** The faults that only this project needs. */
interface RigFaults extends ResultFaults, HandshakeFaults {
  /** Lets the next dials fail: one of `dialFaultNames`, an HTTP answer, bytes, or a drip. */
  failDials(fault: DialFault, times?: number): void;
  /** Ends `failDials`, `failHandshakes` and `reject`. */
  accept(): void;
  /**
   * Sends a malformed or odd message on every socket.
   *
   * @param id - the operation that the message is for; default the oldest one on the socket, and without any the server sends nothing
   */
  garble(garbage: Garbage, id?: string): void;
  /** Writes bytes to every socket that WebSocket does not allow, or ends its TCP connection in an unusual way. */
  corrupt(corruption: Corruption): void;
}

/** The published test server with the faults that only this project needs. */
export type RigServer = Omit<GraphQLTestServer, keyof RigFaults | 'script'> &
  RigFaults & { script(): FaultScript<Omit<ServerFaults, keyof RigFaults> & RigFaults> };

/** Starts a {@link RigServer}. The arguments of its own faults are not checked. */
export function rigServer(options: GraphQLTestServerOptions = {}): Promise<RigServer> {
  const { wrapHandler, faults: resultFaults } = tamperWithResults();
  const handshakes = tamperWithHandshakes(options.connect);
  const server = createServer(
    { ...options, connect: handshakes.connect },
    {
      wrapHandler,
      onOpen: (served) => {
        crossDialects(served);
        handshakes.onOpen(served);
      },
      faults: ({ sockets, dials, ledger, server, published }) => {
        const { reset, stallTls } = tamperWithTcp(server);
        return prepare<RigFaults>({
          ...resultFaults,
          failHandshakes: handshakes.failHandshakes,
          failDials: (fault, times = 1) => {
            if (fault === 'tls-stall') stallTls(times);
            else dials.add(toDialFault(fault, reset), times);
          },
          accept: () => {
            published.accept()();
            handshakes.clear();
          },
          garble: (garbage, id) => {
            for (const { peer, dialect = currentDialect } of [...sockets]) {
              const isOwn = ({ connection }: { connection: number }) =>
                connection === peer.connection;
              const target = id ?? ledger.operations.find(isOwn)?.id;
              peer.send(...garbageFrames(garbage, dialect, target));
            }
          },
          corrupt: (corruption) => {
            for (const socket of [...sockets])
              if (!socket.isClosing())
                socket.line.pass(() => corruptLine(corruption, socket, () => reset(socket.stream)));
          },
        });
      },
    },
  );
  return server as unknown as Promise<RigServer>;
}

function prepare<F extends object>(faults: F): Prepared<F> {
  const acts = Object.entries(faults) as [string, (...args: readonly unknown[]) => unknown][];
  const prepared = acts.map(([name, act]) => [
    name,
    (...args: readonly unknown[]) =>
      () =>
        act(...args),
  ]);
  return Object.fromEntries(prepared) as Prepared<F>;
}
