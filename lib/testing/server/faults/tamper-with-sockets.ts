import { expectCorruption } from './corruption.js';
import { expectGarbage } from './garbage.js';
import type { SocketFaults } from './socket-faults.js';

/** The faults of all the sockets that are open when one is called. */
export function tamperWithSockets(sockets: ReadonlySet<SocketFaults>): SocketFaults {
  const each = (act: (socket: SocketFaults) => void) => {
    // A copy: a socket that closes leaves the set.
    for (const socket of [...sockets]) act(socket);
  };
  return {
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
    // Checked here, too: a slip of the pen must not wait for a socket to be noticed.
    garble: (garbage, id) => {
      expectGarbage(garbage);
      each(({ garble }) => {
        garble(garbage, id);
      });
    },
    corrupt: (corruption) => {
      expectCorruption(corruption);
      each(({ corrupt }) => {
        corrupt(corruption);
      });
    },
  };
}
