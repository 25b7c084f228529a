import type { Codec } from 'rx-graphql-ws';
import { checkReading } from './decoding-cases.js';
import { type CodecCase, type CodecDialect, frameOf, samplesOf } from './dialect.js';
import { cutOff, slipped } from './frames.js';
import {
  decoding,
  mismatch,
  over,
  parsed,
  readFrame,
  type Reading,
  sameJson,
  shown,
  shownReading,
} from './reading.js';

const strangeTypes = ['', 'nonsense', '__proto__', 'constructor', 'toString', '\ud800'];
const strayIds = [undefined, null, '', {}, [], true, 12, 0];
const noResults = [undefined, null, [], [{ data: 1 }], 'data', 1, true, {}, { a: 1 }];

/** The name of a field that no codec knows. */
const unheard = 'unheard';

/** The same JSON in another form. */
const rewritings: Readonly<Record<string, (json: object) => readonly string[]>> = {
  'another order of fields': (json) => {
    const fields = Object.entries(json);
    const turned = fields.map((_, at) => [...fields.slice(at), ...fields.slice(0, at)]);
    const orders = [...turned, ...turned.map((order) => order.slice().reverse())];
    return orders.map((order) => JSON.stringify(Object.fromEntries(order)));
  },
  'white space': (json) => [` \t\r\n${JSON.stringify(json, null, ' \t\r\n')} \t\r\n`],
  'unknown fields': (json) =>
    [3, 'a}', [{}], { type: 'x' }].flatMap((value) => [
      JSON.stringify({ [unheard]: value, ...json }),
      JSON.stringify({ ...json, [unheard]: value }),
    ]),
};

/** Tolerance for other forms of frames, and refusal of all frames that are not the server's. */
export function toleranceCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const { next, error, complete, foreign } = dialect;
  const objects = samplesOf(dialect).filter((frame) => /^\s*\{/.test(frame) && parsed(frame));
  /** Fails for a frame with another reading than those that are allowed. */
  const accept =
    (isAllowed: (reading: Reading) => boolean, expected: string) => (frame: string) => {
      const reading = readFrame(codec, frame);
      if (!isAllowed(reading)) throw mismatch(decoding(frame), expected, shownReading(reading));
    };
  const expectStrange = accept(isNothing, 'type unknown, or a ProtocolError');
  const expectBroken = accept(
    (reading) => isNothing(reading) || (reading.type === 'next' && reading.result === undefined),
    'type unknown, or a ProtocolError here or of payload.decode()',
  );
  const framed = (fields: object) => JSON.stringify(fields);
  const cases: CodecCase[] = Object.entries(rewritings).map(([what, rewrite]) =>
    over(
      `decode reads the same in a frame with ${what}`,
      () => objects,
      (frame) => {
        const one = meaningOf(readFrame(codec, frame));
        for (const other of rewrite(parsed(frame) as object)) {
          const another = meaningOf(readFrame(codec, other));
          if (!sameJson(one, another)) throw mismatch(decoding(other), shown(one), shown(another));
        }
      },
    ),
  );
  cases.push(
    over(
      'decode takes nothing from a frame that is no JSON any more',
      () => objects.flatMap((frame) => [...cutOff(frame), ...slipped(frame)]),
      (frame) => {
        if (parsed(frame) === undefined) expectBroken(frame);
      },
    ),
  );
  if (foreign)
    cases.push(
      over(
        'decode ignores or refuses the frames of `foreign`',
        () => foreign.map(frameOf),
        expectStrange,
      ),
    );
  // the frames of kinds that are given by name are { type, id, payload }
  const kinds = Object.entries({ next, error, complete }).filter(
    (kind): kind is [string, string] => typeof kind[1] === 'string',
  );
  if (kinds.length > 0)
    cases.push(
      over(
        'decode ignores or refuses an unknown type',
        () =>
          strangeTypes.flatMap((type) =>
            [{}, { id: '1' }, { id: '1', payload: { data: 1 } }].map((more) =>
              framed({ type, ...more }),
            ),
          ),
        expectStrange,
      ),
    );
  for (const [kind, type] of kinds)
    cases.push(
      over(
        `decode gives \`${kind}\` with a missing or wrong id to no operation`,
        () => strayIds,
        (id) => {
          const number = typeof id === 'number' ? String(id) : undefined;
          const expected = `no message of an operation${number ? `, or id '${number}'` : ''}`;
          const payload = kind === 'next' ? { data: 1 } : undefined;
          accept(
            (reading) => !('id' in reading) || reading.id === number,
            expected,
          )(framed({ type, id, payload }));
        },
      ),
    );
  if (typeof next === 'string')
    cases.push(
      over(
        'decode or payload.decode() refuses a payload that is no result',
        () => noResults.map((payload) => framed({ type: next, id: '1', payload })),
        expectBroken,
      ),
    );
  if (typeof complete === 'string')
    cases.push(
      over(
        'decode reads an end with any payload',
        () => [null, {}, [], 'text'],
        (payload) => {
          const frame = framed({ type: complete, id: '1', payload });
          checkReading(codec, frame, { type: 'complete', id: '1' });
        },
      ),
    );
  return cases;
}

function isNothing({ type }: Reading): boolean {
  return type === 'unknown' || type === 'refused';
}

/** The text of a result may differ, and so may a frame that is passed on. */
function meaningOf(reading: Reading): unknown {
  const meaning = { ...reading, text: undefined, frame: undefined, reason: undefined };
  // if the fields of a result are those of the frame, it has the unknown one too
  return JSON.parse(JSON.stringify(meaning), (key, value: unknown) =>
    key === unheard ? undefined : value,
  );
}
