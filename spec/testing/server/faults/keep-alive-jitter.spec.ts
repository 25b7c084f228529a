import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, useFakeTimers } from 'sinon';
import { useServer } from '../../../helpers/use-server.js';
import { connect, legacy } from '../raw-client.js';

describe('keepAliveJitter', () => {
  const serve = useServer();
  afterEach(restore);

  it('moves each heartbeat, by the seed and the connection', async () => {
    const clock = useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    const beatsOf = async (seed: number, keepAliveJitter: number) => {
      const server = await serve({ seed, keepAlive: 1_000, keepAliveJitter });
      for (let i = 0; i < 2; i++) await connect(server.url, legacy);
      const began = Date.now();
      clock.tick(20_000);
      const beats = server.ledger.sent.filter(({ message }) => message?.type === 'ka');
      return [1, 2].map((connection) =>
        beats.filter((beat) => beat.connection === connection).map(({ at }) => at - began),
      );
    };
    const [even] = await beatsOf(1, 0);
    expect(even).to.deep.equal(Array.from({ length: 21 }, (_, n) => n * 1_000));
    const [times, others] = await beatsOf(1, 0.25);
    const waits = times!.slice(1).map((at, n) => at - times![n]!);
    for (const wait of waits) expect(wait).to.be.within(750, 1_250);
    expect(Math.min(...waits)).to.be.below(850);
    expect(Math.max(...waits)).to.be.above(1_150);
    expect(others).not.to.deep.equal(times);
    expect((await beatsOf(1, 0.25))[0]).to.deep.equal(times);
    expect((await beatsOf(2, 0.25))[0]).not.to.deep.equal(times);
  });
});
