import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, take } from 'rxjs';
import sinon from 'sinon';
import { replay } from 'rx-graphql-ws/testing';
import { expectObservable, flush, helpers, runVirtually, test } from '../helpers/test.js';
import { document, socketOver } from './marble-test.js';
import { begun, closed, received, recordingOf, status, wire } from './recorded.js';

const { next } = wire('graphql-transport-ws');
const text = recordingOf(
  ...[status(1_000, 'connecting'), ...begun(undefined, 1_100), received(1_300, next('1', 'a'))],
  ...[received(1_500, next('1', 'b')), closed(2_000, 1012)],
);

describe('the speed of a replay', () => {
  for (const [speed, marbles] of [
    [undefined, '300ms a 199ms b 499ms #'],
    [10, '30ms a 19ms b 49ms #'],
    [0.5, '600ms a 399ms b 999ms #'],
    [Infinity, '(ab#)'],
  ] as const)
    test(`may be ${speed ?? 'that of the recording'}`, () => {
      const socket = socketOver(replay(text, { speed }), { retry: false });
      const error = { message: 'connection closed: 1012' };
      expectObservable(socket.subscribe$(document)).toBe(marbles, undefined, error);
    });

  const positive = '`speed` to be a number > 0, got ';
  for (const [options, message] of [
    [{ speed: 0 }, `${positive}0`],
    [{ speed: NaN }, `${positive}NaN`],
    [{ speed: '2' }, `${positive}"2"`],
    [{ loop: 3 }, '`loop` to be a boolean, got 3'],
    [{ limit: '9' }, '`limit` to be a number of milliseconds, got "9"'],
  ] as const)
    it(`is refused with the options ${JSON.stringify(options)}`, () => {
      expect(() => replay(text, options as object)).to.throw(TypeError, message);
    });
});

describe('frames$ of a replay', () => {
  const typeOf = ({ text: frame }: { readonly text: string }) =>
    (JSON.parse(frame) as { type: string }).type;
  const values = { k: 'connection_ack', n: 'next' };

  test('emits each received frame at its time', () => {
    const { frames$ } = replay(text);
    const types$ = frames$.pipe(map(typeOf));
    const frames: unknown[] = [];
    frames$.subscribe((frame) => frames.push(frame));
    expectObservable(types$).toBe('100ms k 199ms n 199ms n 499ms |', values);
    expectObservable(types$, '-^').toBe('- 100ms k 199ms n 199ms n 499ms |', values);
    flush();
    expect(frames[1]).to.deep.equal(received(1_300, next('1', 'a')));
  });

  test('obeys `speed` and `loop`', () => {
    const { frames$ } = replay(text, { speed: 10, loop: true });
    const types$ = frames$.pipe(map(typeOf), take(4));
    expectObservable(types$).toBe('10ms k 19ms n 19ms n 59ms (k|)', values);
  });

  test('ends with its subscription', () => {
    const types$ = replay(text, { speed: Infinity }).frames$.pipe(map(typeOf), take(1));
    expectObservable(types$).toBe('(k|)', values);
  });

  it('waits for longer than a timer can', () => {
    const clock = sinon.useFakeTimers();
    try {
      const month = 2_592_000_000;
      const texts: string[] = [];
      const { frames$ } = replay(recordingOf(...begun(), received(month, 'late')));
      frames$.subscribe((frame) => texts.push(frame.text));
      clock.tick(month - 1);
      expect(texts).to.have.length(1);
      clock.tick(1);
      expect(texts[1]).to.equal('late');
    } finally {
      clock.restore();
    }
  });
});

describe('helpers of a replay', () => {
  test('ignore the frames for a client that has left', () => {
    const beats = Array.from({ length: 700 }, (_, n) => received(n * 1_000, { type: 'pong' }));
    const server = replay(recordingOf(...begun(), ...beats), { helpers: helpers() });
    const data = socketOver(server).subscribe$(document);
    expectObservable(data, '^ 50ms !').toBe('');
  });

  for (const [options, limit] of [
    [{}, 600_000],
    [{ limit: 1_000 }, 1_000],
  ] as const)
    it(`end virtual time after ${limit} ms`, () => {
      expect(() =>
        runVirtually(() => {
          const server = replay(text, { helpers: helpers(), ...options });
          const socket = socketOver(server, { retry: { delay: 10_000 } });
          expectObservable(socket.subscribe$(document)).toBe('');
        }),
      ).to.throw(`virtual time was stopped at ${limit} ms with more to come`);
    });
});
