import type { Codec } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import { unknownName } from './check.js';
import type { CodecCase, CodecDialect } from './codec-contract/dialect.js';
import { encodingCases } from './codec-contract/encoding-cases.js';
import { meaningCases } from './codec-contract/meaning-cases.js';
import { shown } from './codec-contract/reading.js';
import { harmlessCases, pollutionBy } from './codec-contract/harmless-cases.js';
import { toleranceCases } from './codec-contract/tolerance-cases.js';

/**
 * Gives the duties of every codec as tests for any runner: a codec is pure, loses nothing of a message, throws only a ProtocolError over a
 * frame, and gives no meaning to a frame that the stages do not know. With `dialect`, the tests also prove that the codec speaks it.
 * Skip a case by its name if your dialect does not need it, for example because it has no `operationName`.
 * @param codec - as you would give it in `codecs`
 * @param dialect - frames of your server and of the codec
 * @returns the cases, in order; nothing has run yet. Each name is unique
 * @throws ConfigurationError - `codec` is no codec, or `dialect` has an unknown member
 * @example
 * ```ts
 * const dialect: CodecDialect = { says: [[() => 'WELCOME', 'ack']], complete: (id) => `END|${id}` };
 * for (const { name, run } of codecContract(pipes, dialect)) it(name, run);
 * ```
 */
export function codecContract(codec: Codec, dialect: CodecDialect = {}): readonly CodecCase[] {
  checkCodec(codec);
  checkDialect(dialect);
  const cases = {
    ...encodingCases(codec, dialect),
    ...meaningCases(codec, dialect),
    ...toleranceCases(codec, dialect),
    ...harmlessCases(codec, dialect),
  };
  return Object.entries(cases).map(([name, run]) => ({
    name,
    run() {
      // a codec that pollutes Object.prototype must not fail the next tests
      pollutionBy(run);
    },
  }));
}

function checkCodec(codec: unknown): void {
  const { encode, decode } = Object(codec) as Partial<Record<string, unknown>>;
  if (typeof encode === 'function' && typeof decode === 'function') return;
  const got = typeof codec === 'function' ? 'a function: give what it returns' : shown(codec);
  throw new ConfigurationError('codec', `expected \`codec\` to have encode and decode, got ${got}`);
}

const members = ['sends', 'says', 'next', 'error', 'complete', 'foreign', 'create'];

function checkDialect(dialect: CodecDialect): void {
  const stray = Object.keys(dialect).find((name) => !members.includes(name));
  if (stray === undefined) return;
  throw new ConfigurationError('dialect', unknownName('member', stray, members, 'dialect.'));
}
