import { expect } from 'chai';
import { describe, it } from 'mocha';
import { gatherWrites } from '../../lib/transport/gather-writes.js';

function gathering() {
  const calls: string[] = [];
  const stream = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
  const { gather, flush } = gatherWrites(stream);
  const write = () => {
    gather();
    calls.push('write');
  };
  return { calls, write, flush };
}

describe('gatherWrites', () => {
  it('holds back what is written in one turn, and lets it go at its end', async () => {
    const { calls, write } = gathering();
    for (let n = 0; n < 3; n += 1) write();
    expect(calls).to.deep.equal(['cork', 'write', 'write', 'write']);
    await Promise.resolve();
    expect(calls.at(-1)).to.equal('uncork');
    write();
    await Promise.resolve();
    expect(calls.slice(-3)).to.deep.equal(['cork', 'write', 'uncork']);
  });

  it('lets it go at once where the end may not come, and not twice', async () => {
    const { calls, write, flush } = gathering();
    flush();
    write();
    flush();
    expect(calls).to.deep.equal(['cork', 'write', 'uncork']);
    await Promise.resolve();
    expect(calls).to.have.length(3);
  });
});
