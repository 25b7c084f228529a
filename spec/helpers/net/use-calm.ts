import { expect } from 'chai';
import { afterEach, beforeEach } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';

/** To be called after the other hooks, which tidy up: fails a test after which the process would have crashed, or which left a rejection to nobody. */
export function useCalm(): void {
  const faults: unknown[] = [];
  const note = (fault: unknown) => faults.push(fault);
  beforeEach(() => {
    process.on('uncaughtException', note);
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    // rxjs reports what nobody handles from a timer
    await delay(5);
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    expect(faults.splice(0)).to.deep.equal([]);
  });
}
