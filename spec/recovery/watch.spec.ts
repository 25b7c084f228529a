import { expect } from 'chai';
import { describe } from 'mocha';
import { map, NEVER, of, Subject, throwError } from 'rxjs';
import type { SocketStatus } from 'rx-graphql-ws';
import type { Gap, Watched } from 'rx-graphql-ws/recovery';
import { recover, watch } from 'rx-graphql-ws/recovery';
import { createGap } from '../../lib/recovery/gap.js';
import {
  advance,
  cold,
  expectObservable,
  expectSubscriptions,
  hot,
  record,
  test,
  timers,
} from '../helpers/test.js';
import { document, rowSocket } from './bench.js';
import type { Row } from './rows.js';

const shown = map(({ state, value, at }: Watched<string>) =>
  [state, value, at].filter((part) => part !== undefined).join(' '),
);
const connected = { state: 'connected' } as SocketStatus;
const waiting = { state: 'waiting' } as SocketStatus;
const statuses = { c: connected, w: waiting };

describe('watch', () => {
  test('emits the state of nothing at once, then each value with its time', () => {
    const source = cold('--a-b-');
    expectObservable(source.pipe(watch(), shown), '^-----!').toBe('p-a-b-', {
      p: 'pending',
      a: 'live a 2',
      b: 'live b 4',
    });
    expectSubscriptions(source.subscriptions).toBe('^-----!');
  });

  test('says that a value without a successor is stale after `staleAfter`', () => {
    const source$ = cold('--a---b 9ms |').pipe(watch({ staleAfter: 5 }), shown);
    expectObservable(source$).toBe('      p-a---b----s----(d|)', {
      p: 'pending',
      a: 'live a 2',
      b: 'live b 6',
      s: 'stale b 6',
      d: 'completed b 6',
    });
  });

  test('never does by default, nor with Infinity', () => {
    for (const staleAfter of [undefined, Infinity]) {
      const stream = record(cold('a').pipe(watch({ staleAfter })));
      advance(1_000_000);
      expect(stream.values.map(({ state }) => state)).to.deep.equal(['pending', 'live']);
      stream.unsubscribe();
      expect(timers()).to.equal(0);
    }
  });

  test('says `disconnected` at a loss, then `stale` until the next value', () => {
    const status$ = hot('         c---w-w-c-----', statuses);
    const source$ = cold('        --a-------b---').pipe(watch({ status$ }), shown);
    expectObservable(source$, '   ^------------!').toBe('p-a-d---s-b---', {
      p: 'pending',
      a: 'live a 2',
      d: 'disconnected a 2',
      s: 'stale a 2',
      b: 'live b 10',
    });
  });

  test('stays `disconnected` though `staleAfter` passes', () => {
    const status$ = hot('c-w---------', statuses);
    const source$ = cold('-a----------').pipe(watch({ status$, staleAfter: 5 }), shown);
    expectObservable(source$, '^---------!').toBe('pad---------', {
      p: 'pending',
      a: 'live a 1',
      d: 'disconnected a 1',
    });
  });

  test('stays `pending` before the first value, whatever the connection does', () => {
    const status$ = hot('c-w-c---', statuses);
    const source$ = cold('------a-').pipe(watch({ status$ }), shown);
    expectObservable(source$, '^------!').toBe('p-----a-', { p: 'pending', a: 'live a 6' });
  });

  test('says that the value is stale at a gap, and passes no gap on', () => {
    const values = { a: 'a', b: 'b', g: createGap(0, 0) };
    const source$ = cold<string | Gap>('g-a-g-b-', values).pipe(watch(), shown);
    expectObservable(source$, '^------!').toBe('p-a-s-b-', {
      p: 'pending',
      a: 'live a 2',
      s: 'stale a 2',
      b: 'live b 6',
    });
  });

  test('says `failed` with the error, keeps the value, and completes', () => {
    const error = new RangeError('mine');
    const status = new Subject<SocketStatus>();
    const source = new Subject<string>();
    const stream = record(source.pipe(watch({ staleAfter: 5, status$: status })));
    status.next(connected);
    source.next('a');
    source.error(error);
    expect(status.observed).to.equal(false);
    expect(stream.values.at(-1)).to.deep.equal({ state: 'failed', value: 'a', at: 0, error });
    expect(stream.log.at(-1)).to.deep.equal([0, 'complete']);
    expect(timers()).to.equal(0);
  });

  test('says `failed` before the first value, too', () => {
    const error = new RangeError('mine');
    const stream = record(throwError(() => error).pipe(watch({ status$: NEVER })));
    expect(stream.values).to.deep.equal([
      { state: 'pending', value: undefined, at: undefined, error: undefined },
      { state: 'failed', value: undefined, at: undefined, error },
    ]);
  });

  test('says `completed` for an empty stream, and for one of one value', () => {
    const states = (...values: string[]) =>
      record(of(...values).pipe(watch())).values.map(({ state }) => state);
    expect(states()).to.deep.equal(['pending', 'completed']);
    expect(states('a')).to.deep.equal(['pending', 'live', 'completed']);
  });

  test('completes with the stream, though the connection goes on', () => {
    const stream = record(of('a').pipe(watch({ status$: NEVER })));
    expect(stream.log.at(-1)).to.deep.equal([0, 'complete']);
  });

  test('each subscriber has a state of its own', () => {
    const source$ = cold('a').pipe(watch());
    const [one, other] = [record(source$), record(source$)];
    advance(1);
    expect(one.values).to.deep.equal(other.values);
    expect(one.values[0]).to.deep.equal(other.values[0]);
  });

  test('on a socket: follows its losses, and its end', () => {
    const { socket } = rowSocket(['oa-1 1500ms x', 'oa 700ms 2']);
    const options = { staleAfter: 1_000, status$: socket.status$ };
    const row$ = recover<Row>(socket, document).pipe(watch(options));
    const log = () =>
      stream.log.map(([ms, watched]) => {
        const { state, value } = watched as Watched<Row>;
        return typeof watched === 'string' ? watched : `${String(ms)} ${state} ${value?.k ?? '-'}`;
      });
    const stream = record(row$);
    advance(2_500);
    expect(log()).to.deep.equal([
      '0 pending -',
      '3 live 1',
      '1003 stale 1',
      '1504 disconnected 1',
      '1515 stale 1',
      '2216 live 2',
    ]);
    socket.close();
    advance(100);
    expect(log().slice(-3)).to.deep.equal(['2500 disconnected 2', '2500 completed 2', 'complete']);
    expect(timers()).to.equal(0);
  });

  test('on a socket: fails with it', () => {
    const { socket } = rowSocket(['oa-1-f'], {}, { f: { close: 4406 } });
    const stream = record(
      socket.subscribe$<Row>(document).pipe(watch({ status$: socket.status$ })),
    );
    advance(100);
    const last = stream.values.at(-1)!;
    expect([last.state, last.value, last.at]).to.deep.equal(['failed', { k: 1 }, 3]);
    expect(last.error).to.include({ name: 'ConnectionClosedError', code: 4406 });
    expect(timers()).to.equal(0);
  });

  test('refuses options that are unknown or wrong', () => {
    expect(() => watch({ staleAfter: 0 })).to.throw(
      'expected `staleAfter` to be a number ≥ 1, got 0',
    );
    expect(() => watch({ status: NEVER } as never)).to.throw(
      'unknown option `status`: known are staleAfter, status$',
    );
  });
});
