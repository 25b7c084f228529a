import { checkFirst } from './check-first.js';
import { socketChecks } from './socket-checks.js';
import type { SocketFaults } from './socket-faults.js';

/** The faults of all the sockets that are open when one is called. */
export function tamperWithSockets(sockets: ReadonlySet<SocketFaults>): SocketFaults {
  const each = (act: (socket: SocketFaults) => void) => {
    // A copy: a socket that closes leaves the set.
    for (const socket of [...sockets]) act(socket);
  };
  return checkFirst<SocketFaults>(
    {
      send: (...frames) => {
        each(({ send }) => {
          send(...frames);
        });
      },
      close: (code, reason) => {
        each(({ close }) => {
          close(code, reason);
        });
      },
      drop: () => {
        each(({ drop }) => {
          drop();
        });
      },
      stall: () => {
        each(({ stall }) => {
          stall();
        });
      },
      halfOpen: (forMs) => {
        each(({ halfOpen }) => {
          halfOpen(forMs);
        });
      },
      silence: (forMs) => {
        each(({ silence }) => {
          silence(forMs);
        });
      },
      resume: () => {
        each(({ resume }) => {
          resume();
        });
      },
      garble: (garbage, id) => {
        each(({ garble }) => {
          garble(garbage, id);
        });
      },
      corrupt: (corruption) => {
        each(({ corrupt }) => {
          corrupt(corruption);
        });
      },
    },
    socketChecks,
  );
}
