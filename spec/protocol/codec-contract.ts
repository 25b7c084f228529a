import { describe } from 'mocha';
import type { Dialect } from './contract/dialect.js';
import { agreesWithJson } from './contract/agreement.js';
import { decodesMessages } from './contract/decoding.js';
import { encodesMessages } from './contract/encoding.js';
import { refusesFrames } from './contract/refusal.js';
import { readsResults } from './contract/results.js';
import { toleratesServers } from './contract/tolerance.js';

/** What every dialect must do, in the eyes of the stages that use it. */
export function codecContract(dialect: Dialect): void {
  describe(`codec contract: ${dialect.create().subprotocol}`, () => {
    encodesMessages(dialect);
    decodesMessages(dialect);
    toleratesServers(dialect);
    refusesFrames(dialect);
    readsResults(dialect);
    agreesWithJson(dialect);
  });
}
