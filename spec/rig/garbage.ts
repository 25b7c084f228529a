import type { Frame } from 'rx-graphql-ws/testing/server';
import type { Dialect } from '../../lib/testing/server/dialects.js';

/** The part of a protocol that odd messages are made of. */
type Wording = Pick<Dialect, 'result' | 'heartbeat'>;

const prototypeKeys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
const notAscii = 'é'.repeat(80);

/** A result, an error and an end of an unknown operation. */
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

/** Messages for no operation. */
const strayGarbage = {
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

/** Makes frames for the operation `id`, in the protocol of a socket. */
type Aimed = (id: string, wording: Wording) => readonly Frame[];

const levels = 100_000;
const deep = '['.repeat(levels) + ']'.repeat(levels);

/** A result whose payload is this JSON. */
const result =
  (json: string): Aimed =>
  (id, wording) => [`{"id":${JSON.stringify(id)},"type":"${wording.result}","payload":${json}}`];

/** A result with this JSON as data. */
const datum = (json: string) => result(`{"data":${json}}`);

const failure =
  (payload: unknown): Aimed =>
  (id) => [{ id, type: 'error', payload }];

const complete: Aimed = (id) => [{ id, type: 'complete' }];

const several =
  (...parts: readonly Aimed[]): Aimed =>
  (id, wording) =>
    parts.flatMap((part) => part(id, wording));

const late = datum('"too late"');
const failed = failure([{ message: 'failed' }]);

/** Messages for a live operation. Several of them share one TCP segment. */
const aimedGarbage = {
  'id-number': (id: string, { result: type }: Wording) => [
    // JSON has no NaN, and an id may be a UUID.
    { id: Number.isFinite(Number(id)) ? Number(id) : 1, type, payload: { data: 'numbered' } },
  ],
  'payload-null': result('null'),
  'payload-array': result('[]'),
  'payload-scalar': result('5'),
  'payload-string': result('"text"'),
  'payload-empty': result('{}'),
  'payload-missing': (id: string, { result: type }: Wording) => [{ id, type }],
  'payload-cut': result('{"data":1'),
  'result-errors': result('{"data":null,"errors":[{"message":"failed"}]}'),
  'error-missing': failure(undefined),
  'error-null': failure(null),
  'error-string': failure('failed'),
  'error-object': failure({}),
  'error-empty': failure([]),
  'error-of-null': failure([null]),
  'error-of-string': failure(['failed']),
  'error-long': failure([{ message: notAscii }]),
  'complete-twice': several(complete, complete),
  'error-then-complete': several(failed, complete),
  'result-after-complete': several(complete, late),
  'result-after-error': several(failed, late),
  'binary-result': (id: string, { result: type }: Wording): readonly Frame[] => [
    new TextEncoder().encode(JSON.stringify({ id, type, payload: { data: 'é' } })),
  ],
  'lone-surrogate': datum('"\\ud800"'),
  'nul-character': datum('"\\u0000"'),
  'duplicate-keys': datum('{"a":1,"a":2}'),
  'proto-key': datum('{"__proto__":{"polluted":true}}'),
  'deep-nesting': datum(deep),
  'unsafe-integer': datum('9007199254740993'),
} satisfies Record<string, Aimed>;

/** A message that is malformed, or valid and odd. */
export type Garbage = keyof typeof strayGarbage | keyof typeof aimedGarbage;

export const garbageNames = [
  ...Object.keys(strayGarbage),
  ...Object.keys(aimedGarbage),
] as readonly Garbage[];

/** @param id - the operation; without one a garbage for an operation has no frames */
export function garbageFrames(
  garbage: Garbage,
  wording: Wording,
  id: string | undefined,
): readonly Frame[] {
  if (!(garbage in aimedGarbage))
    return strayGarbage[garbage as keyof typeof strayGarbage](wording);
  return id === undefined ? [] : aimedGarbage[garbage as keyof typeof aimedGarbage](id, wording);
}
