import { expect } from 'chai';
import { describe, it } from 'mocha';
import { gatherWrites } from '../../lib/transport/gather-writes.js';

describe('gatherWrites', () => {
  it('holds back what is written in one turn, and lets it go at its end', async () => {
    const calls: string[] = [];
    const stream = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
    const gather = gatherWrites(stream);
    for (let write = 0; write < 3; write += 1) {
      gather();
      calls.push('write');
    }
    expect(calls).to.deep.equal(['cork', 'write', 'write', 'write']);
    await Promise.resolve();
    expect(calls.at(-1)).to.equal('uncork');
    gather();
    await Promise.resolve();
    expect(calls.slice(-2)).to.deep.equal(['cork', 'uncork']);
  });
});
