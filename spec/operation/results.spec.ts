import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, NEVER, take } from 'rxjs';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ProtocolError } from '../../lib/errors.js';
import { decode, selectData, type SelectDataOptions } from '../../lib/operation/results.js';
import type { ExecutionResult, Payload } from '../../lib/types.js';
import { createQueue, type Queue } from '../../lib/concat-map-bounded/queue.js';
import { payload } from '../helpers/fake-connection.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  flush,
  record,
  test,
} from '../helpers/test.js';

const errors = [{ message: 'no', path: ['a'] }, { message: 'more' }];

const results = {
  a: { data: { n: 1 } },
  b: { data: { n: 2 }, extensions: { cost: 1 } },
  e: { data: { n: 3 }, errors },
  n: { data: null, errors },
  o: { errors },
  z: { data: null },
  i: { hasNext: false },
  j: { data: { n: 1 }, hasNext: false, path: null, incremental: null, completed: null },
  p: { data: { n: 1 }, hasNext: true },
  q: { data: { n: 1 }, path: ['a'], hasNext: false },
  r: { incremental: [{ data: { n: 1 }, path: [] }], hasNext: false },
  l: { hasNext: false, completed: [{ id: '0' }] },
  k: { hasNext: false, completed: [{ id: '0' }, { id: '1', errors }] },
  m: { data: { n: 4 }, errors: [] },
  u: { data: { n: 5 }, errors: null },
  f: { data: { n: 6 }, errors: {} },
  g: { data: { n: 7 }, errors: '' },
  h: { data: { n: 8 }, errors: false },
  t: { data: { n: 9 }, errors: 'no' },
  w: { data: { n: 9 }, errors: true },
} as unknown as Record<string, ExecutionResult>;

const data = {
  j: { n: 1 },
  a: { n: 1 },
  b: { n: 2 },
  e: { n: 3 },
  m: { n: 4 },
  u: { n: 5 },
  f: { n: 6 },
  g: { n: 7 },
  h: { n: 8 },
  z: null,
};

const selecting = (source: string, selected: string, options?: SelectDataOptions) => () => {
  const result$ = cold(source, results);
  const error = source.endsWith('#') ? 'error' : { name: 'OperationError' };
  expectObservable(result$.pipe(selectData(options))).toBe(selected, data, error);
};

describe('selectData', () => {
  test('emits data', selecting('                        -a-b-|', '-a-b-|'));
  test('never emits for nothing', selecting('           ------', '------'));
  test('completes for nothing', selecting('             --|', '   --|'));
  test('passes on an error', selecting('                a-#', '   a-#'));
  test('emits data that is null', selecting('           z-|', '   z-|'));
  test('passes over a result without data', selecting(' ai|', '   a-|'));
  test('takes no errors for none', selecting('          mu|', '   mu|'));
  test(
    'takes for none an object, a text or a list in which there is nothing, and false',
    selecting(' fgh|', 'fgh|'),
  );
  test('takes text and true for errors', () => {
    selecting('ft', 'f#')();
    selecting('fw', 'f#')();
  });

  const ignore = { errorPolicy: 'ignore' } as const;
  test('errors for a result with errors', selecting('   ae--a', ' a#'));
  test('errors for errors alone', selecting('           o', '     #'));
  test('passes data beside errors with ignore', selecting('ae|', 'ae|', ignore));
  test('passes no null with ignore', selecting('        nzoa|', ' ---a|', ignore));
  test('takes null and the end for no increments', selecting(' jla|', 'j-a|'));
  for (const increment of ['p', 'q', 'r'])
    test(`refuses an increment: ${JSON.stringify(results[increment])}`, () => {
      for (const options of [undefined, ignore]) {
        const failed = record(cold(`a${increment}a`, results).pipe(selectData(options)));
        advance(5);
        expect(failed.values).to.deep.equal([data.a]);
        const { message } = failed.error;
        expect(message).to.match(/^operation failed: incremental delivery .*`execute\$`/);
      }
    });

  test('errors with the errors of all parts', () => {
    const parts = {
      ...{ data: { n: 1 }, errors: [{ message: 'a' }], hasNext: true },
      incremental: [{ data: 1 }, { errors: [{ message: 'b' }], path: ['x'] }, null],
      completed: [{ id: '0', errors: 'c' }],
    } as unknown as ExecutionResult;
    const failed = record(cold('r', { r: parts }).pipe(selectData()));
    advance(0);
    const { errors: told } = failed.error as unknown as { errors: { message: string }[] };
    expect(told.slice(1).map(({ message }) => message)).to.deep.equal(['a', 'b', 'c']);
    expect(failed.error).to.deep.include({ data: { n: 1 } });
  });

  test('errors for an error of a part that has ended', selecting('lk', '-#'));
  test('passes over it with ignore', selecting('                  ka|', '-a|', ignore));

  test('takes undefined for none', selecting('          ae', '    a#', { errorPolicy: undefined }));

  test('errors with all errors, and the partial data', () => {
    for (const [marble, partial] of [
      ['e', { n: 3 }],
      ['n', null],
      ['o', undefined],
    ] as const) {
      const failed = record(cold(marble, results).pipe(selectData()));
      advance(0);
      expect(failed.error).to.deep.include({ name: 'OperationError', errors });
      expect((failed.error as { data?: unknown }).data).to.deep.equal(partial);
    }
  });

  test('lets go of the source at the first error, and when it is left early', () => {
    const failing$ = cold('-e-a', results);
    expectObservable(failing$.pipe(selectData())).toBe('-#', undefined, { name: 'OperationError' });
    expectSubscriptions(failing$.subscriptions).toBe('^!');
    const left$ = cold('a-a-a', results);
    expectObservable(left$.pipe(selectData()), '^--!').toBe('a-a', data);
    expectSubscriptions(left$.subscriptions).toBe('^--!');
    const taken$ = cold('-a-a-a', results);
    expectObservable(taken$.pipe(selectData(), take(1))).toBe('-(a|)', data);
    expectSubscriptions(taken$.subscriptions).toBe('^!');
  });

  test('makes errors of whatever the server calls so', () => {
    const odd = { s: 'text', o: { message: 'one' }, n: [null], e: [{ error: { detail: 'why' } }] };
    for (const [marble, expected] of [
      ['s', 'text'],
      ['o', 'one'],
      ['n', 'unknown error'],
      ['e', 'why'],
    ] as const) {
      const result = { [marble]: { errors: odd[marble] } as unknown as ExecutionResult };
      const failed = record(cold(marble, result).pipe(selectData()));
      advance(0);
      expect(failed.error).to.have.nested.property('errors[0].message', expected);
    }
  });
});

describe('a consumer of data', () => {
  test('leaves what is thrown further down to those who throw it', () => {
    const thrown$ = cold('ab', { a: 'a', b: 'b' }).pipe(
      map((data) => ({ data })),
      selectData(),
      map((value) => {
        if (value === 'b') throw new RangeError('mine');
        return value;
      }),
    );
    expectObservable(thrown$).toBe('a#', undefined, { name: 'RangeError' });
  });
});

const decoded = { a: { data: 1 }, b: { errors: [{ message: 'no' }] } };
const payloads = { a: payload(decoded.a), b: payload(decoded.b) };

describe('decode', () => {
  test('decodes each payload, errors and all', () => {
    const payload$ = cold('-a-b-|', payloads);
    const subs = '         ^----!';
    const expected = '     -a-b-|';
    expectObservable(payload$.pipe(decode())).toBe(expected, decoded);
    expectSubscriptions(payload$.subscriptions).toBe(subs);
  });

  test('passes on the end and the error, and can be left early', () => {
    expectObservable(cold<Payload>('--|').pipe(decode())).toBe('--|');
    expectObservable(cold<Payload>('a-#', payloads).pipe(decode())).toBe('a-#', decoded);
    const payload$ = cold('a-b-a', payloads);
    expectObservable(payload$.pipe(decode()), '^--!').toBe('a-b', decoded);
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
    expectObservable(payload$.pipe(decode())).toBe('a#', decoded, { name: 'ProtocolError' });
    expectSubscriptions(payload$.subscriptions).toBe('^!');
  });

  test('leaves alone what was dropped before it', () => {
    let count = 0;
    const counted: Payload = { text: '{}', decode: () => ({ data: (count += 1) }) };
    cold('aaaaa|', { a: counted }).subscribe();
    cold('(aa|)', { a: counted }).pipe(decode()).subscribe();
    flush();
    expect(count).to.equal(2);
  });
});

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
