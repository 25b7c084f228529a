import type { Codec } from 'rx-graphql-ws';
import { checkReading } from './check-reading.js';
import { checkBroken, checkNobodys, checkStrange } from './check-tolerance.js';
import type { CodecCase } from './codec-case.js';
import type { CodecDialect } from './codec-dialect.js';
import { shown } from './shown.js';

const strangers = ['', 'nonsense', '__proto__', 'constructor', 'toString', '\ud800'];

const strayIds = [undefined, null, '', {}, [], true];

const noResults = [undefined, null, [], [{ data: 1 }], 'data', 1, true, {}, { a: 1 }];

/** Of the kinds that are told by name: their frames are `{ type, id, payload }`, so that more is known of them. */
export function dialectNameCases(
  codec: Codec,
  { next, error, complete }: CodecDialect,
): readonly CodecCase[] {
  const names = [next, error, complete].filter((kind) => typeof kind === 'string');
  if (names.length === 0) return [];
  return [
    ...strangers.map((type) => ({
      name: `decode takes the type ${shown(type)} for nothing that it knows`,
      run() {
        for (const fields of [{}, { id: '1' }, { id: '1', payload: { data: 1 } }]) {
          checkStrange(codec, JSON.stringify({ type, ...fields }));
        }
      },
    })),
    ...names.flatMap((type) => idCases(codec, type, type === next ? { data: 1 } : undefined)),
    ...(typeof next === 'string' ? resultCases(codec, next) : []),
    ...(typeof complete === 'string' ? endCases(codec, complete) : []),
  ];
}

function idCases(codec: Codec, type: string, payload: unknown): readonly CodecCase[] {
  return [
    ...strayIds.map((id) => ({
      name: `decode gives ${type} with the id ${shown(id)} to no operation`,
      run() {
        checkNobodys(codec, JSON.stringify({ type, id, payload }));
      },
    })),
    {
      name: `decode gives ${type} with a number as its id to the operation of that text, or to none`,
      run() {
        for (const id of [12, 0]) {
          checkNobodys(codec, JSON.stringify({ type, id, payload }), String(id));
        }
      },
    },
  ];
}

function resultCases(codec: Codec, type: string): readonly CodecCase[] {
  return noResults.map((payload) => ({
    name: `a result may not be ${shown(payload)}`,
    run() {
      checkBroken(codec, JSON.stringify({ type, id: '1', payload }));
    },
  }));
}

function endCases(codec: Codec, type: string): readonly CodecCase[] {
  return [null, {}, [], 'text'].map((payload) => ({
    name: `decode reads ${type} with the payload ${shown(payload)} as an end`,
    run() {
      const frame = JSON.stringify({ type, id: '1', payload });
      checkReading(codec, frame, { type: 'complete', id: '1' });
    },
  }));
}
