import fc from 'fast-check';
import { closes, faultCodes } from './close-commands.js';
import { onLine } from './on-line.js';
import { anyTarget, idOf } from './target.js';
import type { Command } from './commands.js';
import type { Said } from './foretell.js';
import { anyFrame, anyPayload } from './frames.js';

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
