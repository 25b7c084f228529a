import { expect } from 'chai';
import { describe } from 'mocha';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bench } from '../helpers/bench.js';
import { advance, record, test } from '../helpers/test.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('a flood of results for operations that are not', function () {
  this.timeout(20_000);
  test('leaves nothing in memory', () => {
    const { socket, at } = bench();
    const stream = record(socket.subscribe$('subscription { a }'));
    advance(5);
    const flood = (from: number, to: number) => {
      for (let n = from; n < to; n += 1)
        for (const type of ['next', 'error', 'complete'])
          at(0).send(`{"type":"${type}","id":"no ${n}","payload":{"data":${n}}}`);
    };
    flood(0, 2_000);
    const before = heap();
    flood(2_000, 22_000);
    // the fake server itself keeps nothing of what it sent
    expect(heap() - before).to.be.below(20_000 * 8);
    expect(stream.error).to.equal(undefined);
    expect(stream.values).to.deep.equal([]);
  });
});
