import fc from 'fast-check';
import { type Command, command } from './commands.js';
import type { Said } from './foretell.js';
import { passTime } from './client-commands.js';
import type { Line } from './line.js';
import type { World } from './world.js';
import { routedOn } from './operation.js';
import { garbled } from './verdict.js';

const passingCodes = [1000, 1001, 1005, 1011, 1012, 1013, 4408, 4499, 4999];
const faultCodes = [1002, 1003, 1008, 4400, 4500, garbled];
const finalCodes = [1010, 4406, 4409, 4429];
const anyCode = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...passingCodes) },
  { weight: 6, arbitrary: fc.constant(1006) },
  { weight: 3, arbitrary: fc.constantFrom(...faultCodes) },
  { weight: 2, arbitrary: fc.constantFrom(4401, 4403) },
  { weight: 1, arbitrary: fc.constantFrom(...finalCodes) },
);

/** The server, or the network, closes the socket; before it opened that is nothing but a failed dial. */
const closes = (codes: fc.Arbitrary<number> = anyCode): fc.Arbitrary<Command> =>
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

/** Payloads of results: most are one. */
const anyPayload: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 16, arbitrary: fc.nat(99).map((value) => ({ data: { value } })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      { data: null },
      { data: { __proto__x: 1 }, extensions: {} },
      { data: { value: 1 }, errors: [{ message: 'é'.repeat(100) }] },
      { errors: [{ message: 'no' }] },
      { extensions: {} },
      {},
      null,
      [],
      7,
      'text',
    ),
  },
);

/** Texts that are no messages, or odd ones. */
const anyFrame: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '"x"',
    '1e999',
    '{',
    '{}',
    '\ufeff{"type":"ping"}',
    '{"type":1}',
    '{"type":null,"id":"1"}',
    '{"type":"next","payload":{"data":1}}',
    '{"type":"next","id":"","payload":{"data":1}}',
    '{"type":"data","id":null}',
    '{"type":"error"}',
    '{"type":"complete"}',
    '{"type":"complete","id":7}',
    '{"type":"constructor","id":"1"}',
    `{"type":"${'é'.repeat(80)}"}`,
    '{"__proto__":{"type":"ping"},"type":"ping"}',
  ),
  fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.json({ maxDepth: 1 }),
);

/** Whom a message is for: most often an operation that runs. */
const anyTarget = fc.oneof(
  { weight: 12, arbitrary: fc.nat(9) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('over', 'unknown', '__proto__', 'constructor', 'é'.repeat(80)),
  },
);

/** The id of that one, on this connection. */
function idOf(target: number | string, line: Line): unknown {
  const { operations } = line;
  const all = [...operations].filter(([, { over }]) => over === (target === 'over'));
  if (target === 'over') return all.at(-1)?.[0] ?? 'over';
  if (typeof target === 'string') return target;
  const running = all.filter(
    ([id, operation]) => routedOn(operation, line) && operation.route?.id === id,
  );
  return running[target % running.length]?.[0] ?? 'none';
}

/** On the socket that there is. */
function onLine(name: string, act: (line: Line, real: World) => unknown): Command {
  return command(name, (model, real) => {
    const line = real.server.line();
    if (line) act(line, real);
    else passTime(model, real);
  });
}

const anyNext = fc
  .record({ target: anyTarget, payload: anyPayload, times: fc.constantFrom(1, 1, 1, 2, 5) })
  .map(({ target, payload, times }) =>
    onLine(`${times} × next for ${target}: ${JSON.stringify(payload)}`, (line, { server }) => {
      const said = { type: server.name(line, 'next'), id: idOf(target, line), payload };
      server.say(line, ...Array.from({ length: times }, () => said));
    }),
  );

const anyBrokenNext = anyTarget.map((target) =>
  onLine(`broken next for ${target}`, (line, { server }) => {
    const id = JSON.stringify(idOf(target, line));
    server.say(line, `{"id":${id},"type":"${server.name(line, 'next')}","payload":{"data":`);
  }),
);

/** Terminals, twice over and with a result behind them, in one chunk. */
const anyEnd = fc
  .record({
    target: anyTarget,
    types: fc.constantFrom(
      ['complete'],
      ['error'],
      ['complete', 'complete'],
      ['error', 'complete', 'next'],
      ['next', 'complete', 'complete', 'next'],
    ),
    payload: fc.constantFrom<unknown>([{ message: 'é' }], { message: 'no' }, [], {}, null, 'no', [
      null,
    ]),
  })
  .map(({ target, types, payload }) =>
    onLine(`${types.join(', ')} for ${target}: ${JSON.stringify(payload)}`, (line, { server }) => {
      const id = idOf(target, line);
      const said = (type: string): Said => {
        if (type === 'next') return { type: server.name(line, 'next'), id, payload: { data: 1 } };
        return type === 'error' ? { type, id, payload } : { type, id };
      };
      server.say(line, ...types.map(said));
    }),
  );

const anyMessage = fc
  .constantFrom<Said>(
    { type: 'ping' },
    { type: 'ping', payload: { é: 'é'.repeat(200) } },
    { type: 'pong' },
    { type: 'ka' },
    { type: 'connection_ack' },
    { type: 'connection_error', payload: { message: 'é'.repeat(200) } },
  )
  .map((said) =>
    onLine(`say ${JSON.stringify(said)}`, (line, { server }) => {
      server.say(line, said);
    }),
  );

const anyText = anyFrame.map((frame) =>
  onLine(`say ${JSON.stringify(frame)}`, (line, { server }) => {
    server.say(line, frame);
  }),
);

const open = onLine('open', (line, { server }) => {
  server.open(line);
});

const establish = onLine('open and acknowledge', (line, { server }) => {
  server.open(line);
  if (line.ackedAt === undefined) server.say(line, { type: 'connection_ack' });
});

/** A WebSocket refuses it by itself: the dial fails. */
const openAmiss = onLine('open with an unknown subprotocol', (line) => {
  if (line.raw.readyState !== 0 || line.endedWith !== undefined) return;
  line.fault = 'subprotocol';
  line.endedWith = 1006;
  line.peer.open('mqtt');
});

const fallSilent = onLine('fall silent', (line) => {
  line.silent = true;
  line.peer.ignoreClose();
});

/** As a stock graphql-ws server does over a syntax error: it answers the ping that came behind, and closes then. */
const refuseAfterPong = onLine('pong, and close 4500', (line, { server, clock }) => {
  if (line.ackedAt !== undefined) server.say(line, { type: server.name(line, 'beat') });
  server.close(line, line.raw.readyState === 0 ? 1006 : 4500, 'Syntax Error');
  clock.advance(1);
});

/** As a server does that does not know pings. */
const closeAtPing = fc.constantFrom(1002, 1006, 4400, 4406).map((code) =>
  onLine(`close ${code} at a ping`, (line, { server, clock }) => {
    line.closesAtPing = code;
    clock.advance(30_000);
    if (server.line() === line) line.closesAtPing = undefined;
  }),
);

const refuse = onLine('refuse the dial', (line, { server }) => {
  server.close(line, 1006);
});

/** What the server does. */
export const serverCommands: readonly fc.WeightedArbitrary<Command>[] = [
  { weight: 5, arbitrary: fc.constant(open) },
  { weight: 14, arbitrary: fc.constant(establish) },
  { weight: 1, arbitrary: fc.constant(openAmiss) },
  { weight: 2, arbitrary: fc.constant(refuse) },
  { weight: 2, arbitrary: fc.constant(refuseAfterPong) },
  { weight: 1, arbitrary: closeAtPing },
  { weight: 20, arbitrary: anyNext },
  { weight: 1, arbitrary: anyBrokenNext },
  { weight: 8, arbitrary: anyEnd },
  { weight: 5, arbitrary: anyMessage },
  { weight: 2, arbitrary: anyText },
  { weight: 2, arbitrary: fc.constant(fallSilent) },
  { weight: 8, arbitrary: closes() },
];

/** What one kind of server does more often than others. */
export const moods: readonly (readonly fc.WeightedArbitrary<Command>[])[] = [
  [],
  [],
  // flaps
  [
    { weight: 25, arbitrary: closes() },
    { weight: 25, arbitrary: fc.constant(establish) },
  ],
  // is broken
  [
    { weight: 12, arbitrary: anyText },
    { weight: 12, arbitrary: closes(fc.constantFrom(...faultCodes)) },
    { weight: 40, arbitrary: fc.constant(establish) },
  ],
  // stumbles over requests
  [
    { weight: 15, arbitrary: closes(fc.constantFrom(4400, 4500)) },
    { weight: 40, arbitrary: fc.constant(establish) },
  ],
  // dies without a word
  [
    { weight: 8, arbitrary: fc.constant(fallSilent) },
    { weight: 20, arbitrary: fc.constant(establish) },
  ],
];
