import type { Codec } from 'rx-graphql-ws';
import { cutOff, slipped } from './changed-frames.js';
import { checkBroken, checkSame, checkStrange, unheard } from './check-tolerance.js';
import type { CodecCase } from './codec-case.js';
import type { CodecDialect } from './codec-dialect.js';
import { dialectNameCases } from './dialect-name-cases.js';
import { parsed } from './parsed.js';
import { shown } from './shown.js';
import { frameOf, samplesOf } from './wire.js';

/** The same JSON, written otherwise. */
const rewritings: readonly (readonly [what: string, write: (json: object) => readonly string[]])[] =
  [
    ['its fields in another order', (json) => orders(Object.entries(json)).map(write)],
    ['white space', (json) => [` \t\r\n${JSON.stringify(json, null, ' \t\r\n')} \t\r\n`]],
    [
      'fields that nobody knows',
      (json) =>
        [3, 'a}', [{}], { type: 'x' }].flatMap((value) => [
          JSON.stringify({ [unheard]: value, ...json }),
          JSON.stringify({ ...json, [unheard]: value }),
        ]),
    ],
  ];

/** What a server may send besides, and what must not be made of it. */
export function dialectToleranceCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const frames = samplesOf(dialect);
  const objects = frames.filter((frame) => isObject(parsed(frame)));
  return [
    ...rewritings.map(([what, rewrite]) => ({
      name: `decode reads the same in a frame with ${what}`,
      run() {
        for (const frame of objects) {
          for (const other of rewrite(parsed(frame) as object)) checkSame(codec, frame, other);
        }
      },
    })),
    {
      name: 'decode takes nothing from a frame that is JSON no longer',
      run() {
        const broken = objects.flatMap((frame) => [...cutOff(frame), ...slipped(frame)]);
        for (const frame of broken) if (parsed(frame) === undefined) checkBroken(codec, frame);
      },
    },
    ...(dialect.foreign ?? []).map((wire) => ({
      name: `decode takes ${shown(frameOf(wire))} for nothing that it knows`,
      run() {
        checkStrange(codec, frameOf(wire));
      },
    })),
    ...dialectNameCases(codec, dialect),
  ];
}

function orders<T>(fields: readonly T[]): readonly T[][] {
  const turned = fields.map((_, at) => [...fields.slice(at), ...fields.slice(0, at)]);
  return [...turned, ...turned.map((order) => order.slice().reverse())];
}

function write(fields: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify(Object.fromEntries(fields));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
