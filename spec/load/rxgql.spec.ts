import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readSlowly } from '../cli/rig/slow-reader.js';
import { useRxgql } from '../cli/rig/use-rxgql.js';
import { useServer } from '../helpers/use-server.js';

describe('rxgql under load', function () {
  this.timeout(180_000);
  const serve = useServer();
  const rxgql = useRxgql();

  it('grows by at most 50 MB in 30 s of 20 000 results a second and a reader of 1 000, and loses nothing', async () => {
    const { code, lines, wrong, growth } = await readSlowly(rxgql, serve, 30, 80);
    expect([code, wrong]).to.deep.equal([0, undefined]);
    expect(lines).to.equal(600_000);
    expect(growth / 2 ** 20).to.be.at.most(50);
  });
});
