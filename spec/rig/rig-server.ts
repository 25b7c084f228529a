import type {
  FaultScript,
  GraphQLTestServer,
  GraphQLTestServerOptions,
  ServerFaults,
} from 'rx-graphql-ws/testing/server';
import { createServer } from '../../lib/testing/server/create-server.js';
import { currentDialect } from '../../lib/testing/server/dialects.js';
import type { ServedSocket } from '../../lib/testing/server/create-peer.js';
import { createQueue } from '../../lib/testing/server/upgrades.js';
import { corruptLine, type Corruption } from './corruption.js';
import { crossDialects, toDialFault, type DialFault, type ServerDialFault } from './dials.js';
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
export async function rigServer(options: GraphQLTestServerOptions = {}): Promise<RigServer> {
  const { wrapHandler, faults: resultFaults } = tamperWithResults();
  const handshakes = tamperWithHandshakes(options.connect);
  const dials = createQueue<ServerDialFault>();
  const sockets = new Set<ServedSocket>();
  const server = await createServer(
    { ...options, connect: handshakes.connect },
    {
      wrapHandler,
      onDial: (stream, incoming) => dials.take()?.({ stream, incoming }) ?? true,
      onOpen: (served) => {
        sockets.add(served);
        served.peer.closed$.subscribe(() => sockets.delete(served));
        crossDialects(served);
        handshakes.onOpen(served);
      },
      faults: (http, published): RigFaults => {
        const { reset, stallTls } = tamperWithTcp(http);
        return {
          ...resultFaults,
          failHandshakes: handshakes.failHandshakes,
          failDials: (fault, times = 1) => {
            if (fault === 'tls-stall') stallTls(times);
            else dials.add(toDialFault(fault, reset), times);
          },
          accept: () => {
            published.accept();
            dials.clear();
            handshakes.clear();
          },
          garble: (garbage, id) => {
            for (const { peer, dialect = currentDialect } of [...sockets]) {
              const isOwn = ({ connection }: { connection: number }) =>
                connection === peer.connection;
              const target = id ?? server.ledger.operations.find(isOwn)?.id;
              peer.send(...garbageFrames(garbage, dialect, target));
            }
          },
          corrupt: (corruption) => {
            for (const socket of [...sockets])
              if (!socket.isClosing())
                socket.line.pass(() => corruptLine(corruption, socket, () => reset(socket.stream)));
          },
        };
      },
    },
  );
  return server as unknown as RigServer;
}
