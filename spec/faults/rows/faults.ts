import type { Corruption } from '../../rig/corruption.js';
import type { DialFault } from '../../rig/dials.js';
import type { Garbage } from '../../rig/garbage.js';
import type { HandshakeFault } from '../../rig/handshakes.js';
import type { Row } from '../row.js';

/** Faults that many rows share, by what the server does. */
export const faults = {
  /** The first dials fail. */
  dials: (fault: DialFault, times = 1): Pick<Row, 'before'> => ({
    before: ({ server }) => server.failDials(fault, times),
  }),
  /** The first handshakes go wrong. */
  handshakes: (fault: HandshakeFault, times = 1): Pick<Row, 'before'> => ({
    before: ({ server }) => server.failHandshakes(fault, times),
  }),
  /** A message, to an operation that is live. */
  garbage: (garbage: Garbage): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.garble(garbage),
  }),
  /** Bytes. */
  bytes: (corruption: Corruption): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.corrupt(corruption),
  }),
  /** A close frame. */
  close: (code?: number): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.close(code, code === undefined ? undefined : 'said the server'),
  }),
};
