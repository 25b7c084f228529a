import { expect } from 'chai';
import { describe, it } from 'mocha';
import * as browser from '../../lib/connection/pausing.browser.js';

describe('pausing, in a browser', () => {
  it('is not possible', () => {
    const { pausable, pause, resume } = browser.createPausing();
    pause();
    resume();
    expect(pausable).to.equal(false);
    const reading = browser.createReading();
    reading.pause()();
    expect(reading.pausable).to.equal(false);
  });

  it('never stops the reading', () => {
    const told: boolean[] = [];
    const { reading$, pause } = browser.createPausing();
    const watch = reading$.subscribe((reading) => told.push(reading));
    pause();
    watch.unsubscribe();
    expect(told).to.deep.equal([true]);
  });
});
