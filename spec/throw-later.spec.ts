import { expect } from 'chai';
import { describe } from 'mocha';
import { retry } from 'rxjs';
import { throwLater } from '../lib/rx/streams.js';
import { advance, record, test, timers } from './helpers/test.js';

describe('throwLater', () => {
  test('errors in the next turn with what it was given', () => {
    const error = new Error('later');
    const recording = record(throwLater(error));
    expect(recording.log).to.deep.equal([]);
    advance(0);
    expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
    expect(recording.error).to.equal(error);
  });

  test('leaves no timer when it is unsubscribed from', () => {
    record(throwLater(new Error('never'))).unsubscribe();
    expect(timers()).to.equal(0);
  });

  test('does not overflow the stack of a retry()', () => {
    const recording = record(throwLater(new Error('again')).pipe(retry(20_000)));
    advance(0);
    expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
  });
});
