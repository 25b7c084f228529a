import { describe, it } from 'mocha';
import { codecContract } from 'rx-graphql-ws/testing';
import type { Dialect } from './contract/dialect.js';
import { agreesWithJson } from './contract/agreement.js';
import { readsExactly } from './contract/decoding.js';
import { encodesExactly } from './contract/encoding.js';
import { refusesFrames } from './contract/refusal.js';
import { readsResults } from './contract/results.js';
import { revivesResults } from './contract/reviving.js';
import { toleratesServers } from './contract/tolerance.js';

/** Proves the contract of every dialect, on which the stages rely, and the further promises of our own. */
export function provesCodec(dialect: Dialect): void {
  const codec = dialect.create();
  // what everybody tells of a dialect; the rest is for our own cases
  const { canPing, ...wire } = dialect;
  describe(`codec contract: ${codec.subprotocol}`, () => {
    for (const { name, run } of codecContract(codec, wire)) it(name, run);

    encodesExactly(dialect);
    readsExactly(dialect);
    toleratesServers(dialect);
    refusesFrames(dialect);
    readsResults(dialect);
    revivesResults(dialect);
    agreesWithJson(dialect);
  });
}
