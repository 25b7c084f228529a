import { expect } from 'chai';
import { describe } from 'mocha';
import { NEVER } from 'rxjs';
import { ProtocolError } from '../../lib/errors.js';
import { decode } from '../../lib/operation/results.js';
import type { Payload } from '../../lib/types.js';
import { payload } from '../helpers/fake-connection.js';
import { cold, expectObservable, expectSubscriptions, flush, test } from '../helpers/test.js';

const results = { a: { data: 1 }, b: { errors: [{ message: 'no' }] } };
const payloads = { a: payload(results.a), b: payload(results.b) };

describe('decode', () => {
  test('decodes each payload, errors and all', () => {
    const payload$ = cold('-a-b-|', payloads);
    const subs = '         ^----!';
    const decoded = '      -a-b-|';
    expectObservable(payload$.pipe(decode())).toBe(decoded, results);
    expectSubscriptions(payload$.subscriptions).toBe(subs);
  });

  test('passes on the end and the error, and can be left early', () => {
    expectObservable(cold<Payload>('--|').pipe(decode())).toBe('--|');
    expectObservable(cold<Payload>('a-#', payloads).pipe(decode())).toBe('a-#', results);
    const payload$ = cold('a-b-a', payloads);
    expectObservable(payload$.pipe(decode()), '^--!').toBe('a-b', results);
    expectSubscriptions(payload$.subscriptions).toBe('^--!');
    expectObservable(NEVER.pipe(decode()), '^--!').toBe('-');
  });

  test('errors with what cannot be decoded', () => {
    const bad: Payload = {
      text: '{',
      decode: () => {
        throw new ProtocolError('malformed result', '{');
      },
    };
    const payload$ = cold('ab-a', { a: payloads.a, b: bad });
    expectObservable(payload$.pipe(decode())).toBe('a#', results, { name: 'ProtocolError' });
    expectSubscriptions(payload$.subscriptions).toBe('^!');
  });

  test('leaves alone what was dropped before it', () => {
    let decoded = 0;
    const counted: Payload = { text: '{}', decode: () => ({ data: (decoded += 1) }) };
    cold('aaaaa|', { a: counted }).subscribe();
    cold('(aa|)', { a: counted }).pipe(decode()).subscribe();
    flush();
    expect(decoded).to.equal(2);
  });
});
