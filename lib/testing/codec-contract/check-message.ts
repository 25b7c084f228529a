import type { ServerMessage } from 'rx-graphql-ws';
import { decoding } from './calls.js';
import { mismatch } from './mismatch.js';
import { shown } from './shown.js';
import { isObject } from '../is-equal.js';

interface Field {
  readonly name: string;
  readonly expected: string;
  readonly test: (value: unknown, frame: string) => boolean;
}

const id: Field = {
  name: 'id',
  expected: 'a string that is not empty',
  test: (value) => typeof value === 'string' && value !== '',
};

const fields: Readonly<Record<ServerMessage['type'], readonly Field[]>> = {
  ack: [],
  rejected: [],
  ping: [],
  pong: [],
  next: [
    id,
    {
      name: 'payload',
      expected: 'an object with `text` and `decode()`',
      test: (value) =>
        isObject(value) && 'text' in value && typeof (value as ByName).decode === 'function',
    },
  ],
  error: [
    id,
    {
      name: 'errors',
      expected: 'at least one error, each with a text as its `message`',
      test: (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((error) => isObject(error) && typeof (error as ByName).message === 'string'),
    },
  ],
  complete: [id],
  unknown: [
    { name: 'frame', expected: 'the frame as it came', test: (value, frame) => value === frame },
  ],
};

interface ByName {
  readonly [name: string]: unknown;
}

/** @throws Error - what a codec made of a frame is no message that the stages know. */
export function checkMessage(message: unknown, frame: string): void {
  const type = isObject(message) ? (message as ByName).type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(fields, type)) {
    const expected = `a message of the type ${Object.keys(fields).join(', ')}`;
    throw mismatch(decoding(frame), expected, shown(message));
  }
  for (const { name, expected, test } of fields[type as ServerMessage['type']]) {
    const value = (message as ByName)[name];
    if (!test(value, frame)) throw mismatch(`${decoding(frame)}.${name}`, expected, shown(value));
  }
}
