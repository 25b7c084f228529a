import type { Codec } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import { carryingCases } from './codec-contract/carrying-cases.js';
import type { CodecCase } from './codec-contract/codec-case.js';
import type { CodecDialect } from './codec-contract/codec-dialect.js';
import { decodingCases } from './codec-contract/decoding-cases.js';
import { dialectDecodingCases } from './codec-contract/dialect-decoding-cases.js';
import { dialectEncodingCases } from './codec-contract/dialect-encoding-cases.js';
import { dialectResultCases } from './codec-contract/dialect-result-cases.js';
import { dialectToleranceCases } from './codec-contract/dialect-tolerance-cases.js';
import { encodingCases } from './codec-contract/encoding-cases.js';
import { pollutionBy } from './codec-contract/pollution-by.js';
import { shown } from './codec-contract/shown.js';
import { samplesOf } from './codec-contract/wire.js';
import { unknownName } from './check.js';

/**
 * What every codec must do for the stages that use it, as tests for any runner: that it is pure, loses nothing of a message,
 * throws nothing but ProtocolError over what it reads, and makes nothing of a frame that the stages do not know. With the codec alone
 * that is all that can be known; with `dialect`, which tells what the wire looks like, it is also proved to speak that dialect.
 *
 * A case that is none of your dialect's business (it has no place for `operationName`, say) is skipped by its name.
 *
 * @param codec - what you would give as an element of `codecs`
 * @param dialect - frames of your server's, and of the codec's
 * @returns the cases, in order; nothing has run yet. No two have the same name
 * @throws ConfigurationError - `codec` is no codec, or `dialect` has a member that there is not
 *
 * @example
 * ```ts
 * describe('pipes', () => {
 *   const dialect = {
 *     sends: [[{ type: 'complete', id: '1' }, () => 'END|1']],
 *     says: [[() => 'WELCOME', 'ack']],
 *     next: (id, result) => `ROW|${id}|${JSON.stringify(result)}`,
 *     complete: (id) => `END|${id}`,
 *   } satisfies CodecDialect;
 *   for (const { name, run } of codecContract(pipes, dialect)) it(name, run);
 * });
 * ```
 */
export function codecContract(codec: Codec, dialect: CodecDialect = {}): readonly CodecCase[] {
  checkCodec(codec);
  checkDialect(dialect);
  return apart([
    ...encodingCases(codec),
    ...carryingCases(codec),
    ...dialectEncodingCases(codec, dialect),
    ...dialectDecodingCases(codec, dialect),
    ...dialectResultCases(codec, dialect),
    ...dialectToleranceCases(codec, dialect),
    ...decodingCases(codec, samplesOf(dialect)),
  ]);
}

/** Samples may be alike as far as a name tells; and a codec may leave something behind. */
function apart(cases: readonly CodecCase[]): readonly CodecCase[] {
  const seen = new Map<string, number>();
  return cases.map(({ name, run }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return {
      name: count > 1 ? `${name} (${count})` : name,
      run() {
        pollutionBy(run);
      },
    };
  });
}

function checkCodec(codec: unknown): void {
  const { encode, decode } = Object(codec) as Partial<Record<string, unknown>>;
  if (typeof encode === 'function' && typeof decode === 'function') return;
  const got = typeof codec === 'function' ? 'a function: give what it returns' : shown(codec);
  throw new ConfigurationError('codec', `expected \`codec\` to have encode and decode, got ${got}`);
}

const members: Readonly<Record<keyof CodecDialect, true>> = {
  sends: true,
  says: true,
  next: true,
  error: true,
  complete: true,
  foreign: true,
  create: true,
};

function checkDialect(dialect: CodecDialect): void {
  const stray = Object.keys(dialect).find((name) => !Object.hasOwn(members, name));
  if (stray === undefined) return;
  const complaint = unknownName('member', stray, Object.keys(members), 'dialect.');
  throw new ConfigurationError('dialect', complaint);
}
