import { expect } from 'chai';
import { describe, it } from 'mocha';
import { retry } from 'rxjs';
import { throwLater } from '../lib/rx/streams.js';
import { virtually } from './helpers/virtually.js';

describe('throwLater', () => {
  it(
    'errors in the next turn with what it was given',
    virtually(({ record, advance }) => {
      const error = new Error('later');
      const recording = record(throwLater(error));
      expect(recording.log).to.deep.equal([]);
      advance(0);
      expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
      expect(recording.error).to.equal(error);
    }),
  );

  it(
    'leaves no timer when it is unsubscribed from',
    virtually(({ record, timers }) => {
      record(throwLater(new Error('never'))).unsubscribe();
      expect(timers()).to.equal(0);
    }),
  );

  it(
    'does not overflow the stack of a retry()',
    virtually(({ record, advance }) => {
      const recording = record(throwLater(new Error('again')).pipe(retry(20_000)));
      advance(0);
      expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
    }),
  );
});
