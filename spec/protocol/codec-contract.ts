import { describe, it } from 'mocha';
import { codecContract } from 'rx-graphql-ws/testing';
import { agreesWithJson } from './contract/agreement.js';
import type { Dialect } from './contract/dialect.js';
import { keepsToMessages } from './contract/messages.js';
import { readsResults } from './contract/results.js';

/** Tests the contract of every codec, and the further promises of our own. */
export function provesCodec(dialect: Dialect): void {
  const codec = dialect.create();
  // the contract does not know `canPing`
  const { canPing, ...wire } = dialect;
  describe(`codec contract: ${codec.subprotocol}`, () => {
    for (const { name, run } of codecContract(codec, wire)) it(name, run);

    keepsToMessages(dialect);
    readsResults(dialect);
    agreesWithJson(dialect);
  });
}
