import { expect } from 'chai';
import { describe, it } from 'mocha';
import { corkWrites } from '../../lib/transport/ws-streams.js';

function corking() {
  const calls: string[] = [];
  const stream = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
  const { cork, flush } = corkWrites(stream);
  const write = () => {
    cork();
    calls.push('write');
  };
  return { calls, write, flush };
}

describe('corkWrites', () => {
  it('holds back the writes of one turn, and lets them go at its end', async () => {
    const { calls, write } = corking();
    for (let n = 0; n < 3; n += 1) write();
    expect(calls).to.deep.equal(['cork', 'write', 'write', 'write']);
    await Promise.resolve();
    expect(calls.at(-1)).to.equal('uncork');
    write();
    await Promise.resolve();
    expect(calls.slice(-3)).to.deep.equal(['cork', 'write', 'uncork']);
  });

  it('lets them go at once when it is flushed, and not twice', async () => {
    const { calls, write, flush } = corking();
    flush();
    write();
    flush();
    expect(calls).to.deep.equal(['cork', 'write', 'uncork']);
    await Promise.resolve();
    expect(calls).to.have.length(3);
  });
});
