import { expect } from 'chai';
import { describe, it } from 'mocha';
import { example, runThere } from './workspace.js';

/** A script of the example's package.json. */
const run = (script: string) => runThere(example, '--run', script);

describe('the unit tests of the Angular application', function () {
  this.timeout(180_000);

  it('pass with `ng test`', async () => {
    expect(await run('test')).to.match(/Tests +6 passed \(6\)/);
  });

  it('pass with Jest', async () => {
    expect(await run('test:jest')).to.match(/Tests: +1 passed, 1 total/);
  });
});
