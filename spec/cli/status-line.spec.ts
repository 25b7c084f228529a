import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Progress } from '../../lib/cli/progress.js';
import { createStatusLine } from '../../lib/cli/status-line.js';

const progress: Progress = {
  state: 'connected',
  connections: 1,
  results: 0,
  gaps: 0,
  failures: 0,
  frameAt: 0,
  lastFailure: undefined,
};

describe('the status line of rxgql', () => {
  it('counts the results a second over the last three seconds, with a decimal below ten', () => {
    const line = createStatusLine(false);
    const rateAt = (now: number, results: number) =>
      / ([^ ]+)\/s /.exec(line({ ...progress, results }, now))?.[1];
    expect(rateAt(0, 0)).to.equal('0.0');
    expect(rateAt(1_000, 4)).to.equal('4.0');
    expect(rateAt(2_000, 400)).to.equal('200');
    // the first second is forgotten
    expect(rateAt(5_000, 400)).to.equal('0.0');
  });

  it('tells how long ago a frame came, once one has come', () => {
    const line = createStatusLine(false);
    expect(line({ ...progress, frameAt: undefined }, 0)).to.include('| no frame yet |');
    expect(line({ ...progress, frameAt: 500 }, 2_000)).to.include('| last frame 1.5 s ago |');
  });

  it('colours the states that have a colour, where colours are wanted', () => {
    const shown = (hasColours: boolean, state: 'connected' | 'idle') =>
      createStatusLine(hasColours)({ ...progress, state }, 0).split(' |')[0];
    expect(shown(true, 'connected')).to.equal('\u001b[32mconnected\u001b[0m');
    expect(shown(true, 'idle')).to.equal('idle');
    expect(shown(false, 'connected')).to.equal('connected');
  });
});
