import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { fakeTimers } from './fake-timers.js';

describe('fakeTimers', () => {
  it('lets an interval of before be cleared for good, and one of its own', async () => {
    const fired: string[] = [];
    const before = setInterval(() => fired.push('before'), 1);
    const clock = fakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const within = setInterval(() => fired.push('within'), 1);
    clock.tick(1);
    clearInterval(before);
    clearInterval(within);
    clock.tick(10);
    clock.restore();
    await delay(5);
    expect(fired).to.deep.equal(['within']);
  });
});
