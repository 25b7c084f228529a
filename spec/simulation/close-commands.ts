import fc from 'fast-check';
import type { Command } from './commands.js';
import { onLine } from './on-line.js';
import { garbled } from './verdict.js';

const passingCodes = [1000, 1001, 1005, 1011, 1012, 1013, 4408, 4499, 4999];
export const faultCodes = [1002, 1003, 1008, 4400, 4500, garbled];
const finalCodes = [1010, 4406, 4409, 4429];
const anyCode = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...passingCodes) },
  { weight: 6, arbitrary: fc.constant(1006) },
  { weight: 3, arbitrary: fc.constantFrom(...faultCodes) },
  { weight: 2, arbitrary: fc.constantFrom(4401, 4403) },
  { weight: 1, arbitrary: fc.constantFrom(...finalCodes) },
);

/** The server, or the network, closes the socket; before it opened that is nothing but a failed dial. */
export const closes = (codes: fc.Arbitrary<number> = anyCode): fc.Arbitrary<Command> =>
  fc
    .record({ code: codes, reason: fc.constantFrom('', 'bye', 'secret é'), soon: fc.boolean() })
    .map(({ code, reason, soon }) =>
      onLine(
        `close ${code} "${reason}"${soon ? ', told at once' : ''}`,
        (line, { server, clock }) => {
          server.close(line, line.raw.readyState === 0 ? 1006 : code, reason);
          if (soon) clock.advance(1);
        },
      ),
    );
