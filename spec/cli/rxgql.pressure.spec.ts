import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useServer } from '../helpers/use-server.js';
import { readSlowly } from './rig/slow-reader.js';
import { useRxgql } from './rig/use-rxgql.js';

describe('rxgql with a slow reader', function () {
  this.timeout(60_000);
  this.slow(15_000);
  const serve = useServer();
  const rxgql = useRxgql();

  it('stops reading from the server, and loses nothing', async () => {
    const { code, lines, wrong, growth } = await readSlowly(rxgql, serve, 4, 500);
    expect([code, wrong]).to.deep.equal([0, undefined]);
    expect(lines).to.equal(80_000);
    expect(growth / 2 ** 20).to.be.at.most(32);
  });
});
