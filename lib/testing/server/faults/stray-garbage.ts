import type { Frame } from '../wire-message.js';
import type { Wording } from './wording.js';

const prototypeKeys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
const notAscii = 'é'.repeat(80);

/** A result, a failure and an end of an operation that nobody started. */
const answersTo =
  (...ids: readonly unknown[]) =>
  ({ result }: Wording): readonly Frame[] =>
    ids.flatMap((id) => [
      { type: result, id, payload: { data: null } },
      { type: 'error', id, payload: [] },
      { type: 'complete', id },
    ]);

const resultOf =
  (id: unknown) =>
  ({ result }: Wording): readonly Frame[] => [{ type: result, id, payload: { data: null } }];

const text =
  (...frames: readonly string[]) =>
  (): readonly Frame[] =>
    frames;

const types = (...names: readonly string[]) =>
  text(...names.map((type) => JSON.stringify({ type })));

/** Messages that are aimed at no operation. */
export const strayGarbage = {
  'not-json': text('{'),
  empty: text(''),
  null: text('null'),
  array: text('[]'),
  string: text('"x"'),
  number: text('1e999'),
  'type-missing': text('{}'),
  'type-not-string': text('{"type":["ping"]}'),
  'type-unknown': types('nonsense'),
  'type-long': types(notAscii),
  'type-prototype': types(...prototypeKeys),
  'id-unknown': answersTo('nobody'),
  'id-prototype': answersTo(...prototypeKeys),
  'id-long': answersTo(notAscii),
  'id-huge': resultOf('x'.repeat(2 ** 20)),
  'id-empty': resultOf(''),
  'id-null': resultOf(null),
  'id-missing': resultOf(undefined),
  'binary-not-utf8': (): readonly Frame[] => [Uint8Array.of(0xff, 0xfe, 0x00)],
  'byte-order-mark': ({ heartbeat }: Wording) => [
    `\ufeff${JSON.stringify(heartbeat('pong', undefined))}`,
  ],
  'unsolicited-pong': ({ heartbeat }: Wording) => [heartbeat('pong', undefined)],
  'ping-payload': ({ heartbeat }: Wording) => [heartbeat('ping', { echo: notAscii })],
  'ping-flood': ({ heartbeat }: Wording) =>
    Array.from({ length: 10_000 }, () => heartbeat('ping', undefined)),
} satisfies Record<string, (wording: Wording) => readonly Frame[]>;
