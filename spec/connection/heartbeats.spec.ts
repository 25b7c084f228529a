import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Subject } from 'rxjs';
import { Heartbeats } from '../../lib/connection/keep-alive/heartbeats.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';

/** The limits that are told while the server beats after each of the pauses. */
function limits(time: VirtualTime, pauses: readonly number[], heartbeats = new Heartbeats()) {
  const beats$ = new Subject<void>();
  const told = time.record(heartbeats.limit(beats$));
  for (const pause of pauses) {
    time.advance(pause);
    beats$.next();
  }
  told.unsubscribe();
  return told.values;
}

const cases: [promise: string, pauses: readonly number[], limits: readonly number[]][] = [
  ['says nothing after two', [0, 15_000], []],
  ['is three of the longest interval after three', [0, 15_000, 12_000], [45_000]],
  ['is ten seconds at least', [0, 2_000, 3_000], [10_000]],
  ['grows when an interval was longer', [0, 15_000, 15_000, 20_000], [45_000, 60_000]],
  ['does not shrink', [0, 15_000, 15_000, 5_000, 5_000], [45_000]],
  ['takes what comes within a second for one', [0, 10, 900, 15_000], []],
  ['measures a quick beat by the second', [0, 500, 500, 500, 500], [10_000]],
  ['does not learn from five minutes and more', [0, 300_001, 15_000, 15_000], [45_000]],
  ['does not grow by a sleep', [0, 10_000, 10_000, 240_000, 10_000], [30_000]],
  ['is not known from beats so far apart', [0, 300_001, 300_001, 300_001], []],
];

describe('Heartbeats', () => {
  for (const [promise, pauses, expected] of cases)
    it(
      promise,
      virtually((time) => {
        expect(limits(time, pauses)).to.deep.equal(expected);
      }),
    );

  it(
    'knows the next connection from its start',
    virtually((time) => {
      const heartbeats = new Heartbeats();
      limits(time, [0, 15_000, 15_000], heartbeats);
      time.advance(100_000);
      expect(limits(time, [], heartbeats)).to.deep.equal([45_000]);
      // the time between two connections is no interval
      expect(limits(time, [90_000, 15_000], heartbeats)).to.deep.equal([45_000]);
    }),
  );

  it(
    'does not learn from what was not read in time',
    virtually((time) => {
      const heartbeats = new Heartbeats();
      const beats$ = new Subject<void>();
      const reading$ = new Subject<boolean>();
      const told = time.record(heartbeats.limit(beats$, reading$));
      const beat = (...pauses: readonly number[]) => {
        for (const pause of pauses) {
          time.advance(pause);
          beats$.next();
        }
      };
      const pause = (ms: number) => {
        reading$.next(false);
        time.advance(ms);
        reading$.next(true);
      };
      for (const ms of [5_000, 100_000, 2_000]) {
        pause(ms);
        // one that lay unread, and one that comes 3 s later, though the server beats every 8 s
        beat(0, 3_000);
      }
      expect(told.values).to.deep.equal([]);
      beat(8_000, 8_000, 8_000);
      expect(told.values).to.deep.equal([24_000]);
      pause(60_000);
      beat(0, 2_000, 8_000);
      expect(told.values).to.deep.equal([24_000]);
      told.unsubscribe();
      expect(reading$.observed).to.equal(false);
    }),
  );

  it(
    'learns afresh when a server that it has not heard enough of came to a verdict',
    virtually((time) => {
      const heartbeats = new Heartbeats();
      limits(time, [0, 4_000, 4_000], heartbeats);
      limits(time, [0], heartbeats);
      heartbeats.answered();
      heartbeats.doubt(true);
      expect(limits(time, [0, 20_000], heartbeats)).to.deep.equal([]);
      expect(limits(time, [0, 20_000, 20_000], heartbeats)).to.deep.equal([60_000]);
    }),
  );

  it(
    'does not add up single beats of short connections',
    virtually((time) => {
      const heartbeats = new Heartbeats();
      for (let connection = 0; connection < 5; connection += 1) {
        expect(limits(time, [0], heartbeats)).to.deep.equal([]);
        time.advance(5_000);
      }
    }),
  );

  it(
    'keeps what this very server has taught it',
    virtually((time) => {
      const heartbeats = new Heartbeats();
      limits(time, [0, 15_000, 15_000], heartbeats);
      heartbeats.answered();
      heartbeats.doubt(true);
      expect(limits(time, [], heartbeats)).to.deep.equal([45_000]);
    }),
  );
});
