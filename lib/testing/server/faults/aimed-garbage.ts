import type { Frame } from '../wire-message.js';
import type { Wording } from './wording.js';

/** Makes frames for the operation `id`, in the protocol of a socket. */
type Aimed = (id: string, wording: Wording) => readonly Frame[];

const notAscii = 'é'.repeat(80);
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

/** Messages that are aimed at an operation. Several are sent in one TCP segment. */
export const aimedGarbage = {
  'id-number': (id: string, { result: type }: Wording) => [
    // JSON has no NaN: an id may be a UUID.
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
