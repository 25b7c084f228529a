import { expect } from 'chai';
import { describe, it } from 'mocha';
import { runProgram } from '../helpers/run-program.js';

const program = 'spec/security/prototypes.program.ts';

describe('names of prototypes in messages', () => {
  for (const [what, args, options] of [
    ['with --disable-proto=throw', [], '--disable-proto=throw'],
    ['with a frozen Object.prototype', ['frozen'], ''],
  ] as const)
    it(`pollute nothing, and break nothing, ${what}`, async function () {
      this.timeout(20_000);
      const run = runProgram(program, args, { NODE_OPTIONS: options });
      expect(await run.exited, run.err()).to.equal(0);
      expect(JSON.parse(run.out())).to.deep.equal({
        names: ['__proto__'],
        error: 'ConnectionError',
        polluted: false,
      });
    });
});
