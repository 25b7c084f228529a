import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { encoding } from './calls.js';
import { subscribe } from './client-messages.js';
import type { CodecCase } from './codec-case.js';
import type { CodecDialect, WireFrame } from './codec-dialect.js';
import { mismatch } from './mismatch.js';
import { parsed } from './parsed.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { frameOf } from './wire.js';
import { writeMessage } from './write-message.js';

const types = ['init', 'ping', 'pong', 'subscribe', 'complete', 'terminate'];

/** From neutral messages to the frames of this dialect. */
export function dialectEncodingCases(codec: Codec, dialect: CodecDialect): readonly CodecCase[] {
  const { sends = [], create } = dialect;
  return [
    ...sends.map(([message, wire]) => ({
      name: `encode writes ${shown(message)} as ${wire === undefined ? 'nothing' : 'its sample'}`,
      run() {
        checkWritten(codec, message, wire);
      },
    })),
    ...(dialect.sends ? [completeSamples(sends)] : []),
    ...(create ? [replacing(create)] : []),
  ];
}

function completeSamples(sends: readonly (readonly [ClientMessage, unknown])[]): CodecCase {
  return {
    name: 'sends has a sample of every message of a client’s',
    run() {
      const given = types.filter((type) => sends.some(([message]) => message.type === type));
      if (given.length < types.length) throw mismatch('sends', shown(types), shown(given));
    },
  };
}

function replacing(create: NonNullable<CodecDialect['create']>): CodecCase {
  return {
    name: 'encode hands values to the replacer',
    run() {
      const codec = create((_key, value) =>
        typeof value === 'bigint' ? `${String(value)}n` : value,
      );
      const message = subscribe({ variables: { b: 9007199254740993n } });
      const frame = writeMessage(codec, message);
      if (frame.includes('9007199254740993n')) return;
      throw mismatch(encoding(message), 'the replacer’s "9007199254740993n"', shown(frame));
    },
  };
}

function checkWritten(codec: Codec, message: ClientMessage, wire: WireFrame | undefined): void {
  const frame = writeMessage(codec, message);
  const expected = wire === undefined ? '' : frameOf(wire);
  // fields may come in any order
  if (frame === expected || sameFrame(frame, expected)) return;
  const nothing = 'an empty string: nothing is sent';
  throw mismatch(encoding(message), expected === '' ? nothing : shown(expected), shown(frame));
}

function sameFrame(one: string, other: string): boolean {
  const json = parsed(one);
  return json !== undefined && sameJson(json, parsed(other));
}
