import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { resultText, sequenceReader } from '../result.js';
import { createGates } from './gates.js';
import { pace } from './pace.js';

const size = 100;
/** Results in a second. */
const rate = 500;
const numberOf = sequenceReader(size);

/** A feed that writes results without frames, and the numbers of those that came. */
function startFeed(gate: string) {
  const stream = new PassThrough();
  const gates = createGates();
  const numbers: number[] = [];
  stream.on('data', (text: Buffer) => {
    numbers.push(numberOf((JSON.parse(text.toString()) as { data: unknown }).data));
  });
  const ended = pace(stream, [Buffer.from(resultText(size, 0))], { size, rate, gate }, gates);
  return { stream, gates, numbers, ended };
}

describe('A feed with a pace and a gate', () => {
  it('stands still while that is shut, and goes on where it was', async () => {
    const began = performance.now();
    const { stream, gates, numbers } = startFeed('a');
    await delay(40);
    gates.shut('a');
    await delay(10);
    const before = numbers.length;
    const shut = performance.now();
    await delay(200);
    expect(numbers).to.have.lengthOf(before);
    const opened = performance.now();
    gates.open('a');
    await delay(40);
    expect(numbers).to.deep.equal(numbers.map((_, n) => n));
    expect(numbers.length).to.be.above(before);
    // none of the hundred that would have come meanwhile
    const ms = performance.now() - began - (opened - shut);
    expect(numbers.length).to.be.at.most((ms * rate) / 1_000 + 1);
    stream.destroy();
  });

  it('does not mind those of others', async () => {
    const { stream, gates, numbers } = startFeed('a');
    gates.shut('b');
    await delay(40);
    expect(numbers).not.to.be.empty;
    stream.destroy();
  });

  it('ends with its client, who opens no gate', async () => {
    const { stream, gates, ended } = startFeed('a');
    gates.shut('a');
    await delay(10);
    stream.destroy();
    await ended;
  });
});
