import { expect } from 'chai';
import type { Corruption } from '../../rig/corruption.js';
import type { Garbage } from '../../rig/garbage.js';
import type { Row } from '../row.js';
import {
  endsOne,
  fails,
  faults,
  onEveryStart,
  row,
  survives,
  survivesDeaf,
  tolerates,
} from './faults.js';

const { garbage, bytes } = faults;

/** The message costs the connection, and nothing else. */
const protocolFaults = (section: string, ...names: readonly Garbage[]) =>
  names.map((name): Row => row(`${section}-${name}`, name, survives, garbage(name)));

/** The message costs nothing. */
const harmless = (section: string, ...names: readonly Garbage[]) =>
  names.map((name): Row => row(`${section}-${name}`, name, tolerates, garbage(name)));

/** The message ends one operation. */
const ending = (section: string, end: string, ...names: readonly Garbage[]) =>
  names.map((name): Row =>
    row(`${section}-${name}`, name, endsOne(end), garbage(name), {
      // nothing comes after the end
      check: ({ victim }) => expect(victim.others).to.deep.equal([]),
    }),
  );

/** The message is a datum. */
const delivered = (section: string, name: Garbage, datum: unknown): Row =>
  row(`${section}-${name}`, name, tolerates, garbage(name), {
    check: ({ victim }) => expect(victim.others).to.deep.equal([datum]),
  });

const corrupt = (expects: Pick<Row, 'expect'>, ...names: readonly Extract<Corruption, string>[]) =>
  names.map((name): Row => ({ id: `C23-${name}`, name, ...bytes(name), ...expects }));

/** Section C: messages. */
export const messages: readonly Row[] = [
  ...protocolFaults('C1', 'empty', 'array', 'string', 'number'),
  row('C1-repeated', 'not JSON, on every connection', fails('ProtocolError', {}, 3), {
    fault: (stage) => {
      onEveryStart(stage, () => stage.server.garble('not-json'));
      stage.server.garble('not-json');
    },
  }),
  ...harmless('C2', 'type-prototype'),
  ...protocolFaults('C3', 'type-missing', 'type-not-string'),
  ...harmless('C4', 'id-long'),
  ...ending('C4', 'OperationError', 'error-long'),
  ...harmless('C5', 'id-unknown'),
  delivered('C7', 'id-number', 'numbered'),
  ...protocolFaults('C7', 'id-missing', 'id-null', 'id-empty'),
  ...harmless('C7', 'id-huge'),
  ...ending('C8', 'ProtocolError', 'payload-array', 'payload-scalar', 'payload-string'),
  ...ending('C8', 'ProtocolError', 'payload-empty', 'payload-missing', 'payload-cut'),
  ...ending('C9', 'OperationError', 'result-errors'),
  ...ending('C10', 'OperationError', 'error-null', 'error-string', 'error-object', 'error-empty'),
  ...ending('C10', 'OperationError', 'error-of-null', 'error-of-string', 'error-missing'),
  ...ending('C11', 'completed', 'complete-twice', 'result-after-complete'),
  ...ending('C11', 'OperationError', 'error-then-complete', 'result-after-error'),
  row('C12-late', 'complete, for an operation of the connection before', survives, {
    fault: async ({ server, pause }) => {
      const { id } = server.ledger.operations[0]!;
      server.drop();
      await server.ledger.until('opened', undefined, 2);
      await pause(100);
      server.send({ type: 'complete', id });
    },
  }),
  delivered('C13', 'binary-result', 'é'),
  ...protocolFaults('C13', 'binary-not-utf8'),
  delivered('C15', 'lone-surrogate', '\ud800'),
  delivered('C15', 'nul-character', '\0'),
  ...protocolFaults('C15', 'byte-order-mark'),
  delivered('C16', 'duplicate-keys', { a: 2 }),
  delivered('C16', 'proto-key', JSON.parse('{"__proto__":{"polluted":true}}')),
  {
    ...harmless('C17', 'deep-nesting')[0]!,
    check: ({ victim }) => expect(victim.others).to.have.length(1),
  },
  delivered('C18', 'unsafe-integer', 2 ** 53),
  row('C19-announced', 'a frame that announces 1 TiB', survives, bytes('huge-frame')),
  row('C19-too-large', 'a message over `maxPayload`', survives, {
    options: () => ({ webSocketOptions: { maxPayload: 100_000 } }),
    fault: async ({ server, pause }) => {
      server.oversize(200_000);
      await pause(60);
    },
  }),
  ...(['one-byte-fragments', 'empty-fragments'] as const).map((name): Row =>
    row(`C20-${name}`, name, tolerates, bytes(name)),
  ),
  row('C20-too-many', '131 073 fragments', survives, bytes('too-many-fragments')),
  row('C21-header', 'a stall in a header', survives, bytes('stall-in-header')),
  row('C22-drip', 'a frame byte by byte', survivesDeaf, bytes({ drip: 100 })),
  ...corrupt(survives, 'compressed', 'unknown-opcode', 'not-a-frame', 'control-ping-flood'),
  ...corrupt(survives, 'close-1005', 'close-one-byte'),
  ...corrupt(tolerates, 'control-ping'),
];
