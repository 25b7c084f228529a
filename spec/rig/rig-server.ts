import type {
  FaultScript,
  GraphQLTestServer,
  GraphQLTestServerOptions,
  ServerFaults,
} from 'rx-graphql-ws/testing/server';
import { createServer } from '../../lib/testing/server/create-server.js';
import { currentDialect } from '../../lib/testing/server/dialects.js';
import type { Prepared } from '../../lib/testing/server/server-faults.js';
import { corruptLine, type Corruption } from './corruption.js';
import { crossDialects, toDialFault, type DialFault } from './dials.js';
import { garbageFrames, type Garbage } from './garbage.js';
import { tamperWithHandshakes, type HandshakeFaults } from './handshakes.js';
import { tamperWithResults, type ResultFaults } from './results.js';
import { tamperWithTcp } from './tcp.js';

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
