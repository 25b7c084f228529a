import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Queue } from '../../lib/concat-map-bounded/queue.js';
import { createQueue } from '../../lib/concat-map-bounded/queue.js';

describe('createQueue', () => {
  it('holds what is undefined', () => {
    const queue = createQueue<undefined>();
    queue.push(undefined);
    expect(queue.size).to.equal(1);
    queue.take();
    expect(queue.size).to.equal(0);
  });

  it('lets go of what was taken, and of what was cleared', async () => {
    const queue = createQueue<object>();
    const rest = createQueue<object>();
    const pushed = [...filled(queue, 100), ...filled(rest, 5)];
    while (queue.size > 1) queue.take();
    rest.clear();
    expect(await alive(pushed)).to.deep.equal([99]);
    expect(queue.size + rest.size).to.equal(1);
  });

  it('costs each the same, however many wait', () => {
    const queue = createQueue<number>();
    const startedAt = performance.now();
    for (let n = 0; n < 200_000; n += 1) queue.push(n);
    for (let n = 0; n < 200_000; n += 1) {
      queue.push(n);
      queue.take();
    }
    // an array's `shift` took minutes here
    expect(performance.now() - startedAt).to.be.below(2_000);
  });
});

function filled(queue: Queue<object>, count: number): WeakRef<object>[] {
  return Array.from({ length: count }, () => {
    const value = {};
    queue.push(value);
    return new WeakRef(value);
  });
}

/** Indexes of those that are in use. */
async function alive(values: readonly WeakRef<object>[]): Promise<number[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // a WeakRef holds what it gave until the end of the turn
  await turn();
  collect();
  return values.flatMap((value, index) => (value.deref() ? [index] : []));
}
