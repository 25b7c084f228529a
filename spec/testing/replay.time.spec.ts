import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, take } from 'rxjs';
import sinon from 'sinon';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  begun,
  closed,
  document,
  observe,
  received,
  recordingOf,
  socketOver,
  status,
  wire,
} from './recorded.js';

const { next } = wire('graphql-transport-ws');
const text = recordingOf(
  ...[status(1_000, 'connecting'), ...begun(undefined, 1_100), received(1_300, next('1', 'a'))],
  ...[received(1_500, next('1', 'b')), closed(2_000, 1012)],
);

describe('speed of a replay', () => {
  for (const [speed, marbles] of [
    [undefined, '300ms a 199ms b'],
    [10, '30ms a 19ms b'],
    [0.5, '600ms a 399ms b'],
    [Infinity, '(ab)'],
  ] as const)
    it(
      `may be ${speed ?? 'left as it was'}`,
      run((helpers) => {
        const socket = socketOver(replay(text, { speed }));
        const data = socket.subscribe$(document);
        helpers.expectObservable(data, '^ 1500ms !').toBe(marbles);
      }),
    );

  it(
    'may be infinite: what came before is sent before the server closes',
    run((helpers) => {
      const socket = socketOver(replay(text, { speed: Infinity }), { retry: false });
      const { subscribe, run: go } = observe(helpers, socket, 1_000);
      subscribe();
      expect(go()).to.deep.equal([
        [0, 'a'],
        [0, 'b'],
        [0, 'connection closed: 1012'],
      ]);
    }),
  );

  for (const speed of [0, -1, NaN, '2'])
    it(`must not be ${speed} (${typeof speed})`, () => {
      expect(() => replay(text, { speed: speed as number })).to.throw(
        TypeError,
        `expected \`speed\` to be a number > 0, got ${typeof speed === 'string' ? '"2"' : speed}`,
      );
    });

  it('goes with a loop that is a boolean', () => {
    expect(() => replay(text, { loop: 3 as unknown as boolean })).to.throw(
      TypeError,
      'expected `loop` to be a boolean, got 3',
    );
  });
});

describe('frames$ of a replay', () => {
  const typeOf = ({ text: frame }: { readonly text: string }) =>
    (JSON.parse(frame) as { type: string }).type;

  it(
    'are what was received, when it was received',
    run((helpers) => {
      const types = replay(text).frames$.pipe(map(typeOf));
      const values = { k: 'connection_ack', n: 'next' };
      helpers.expectObservable(types).toBe('100ms k 199ms n 199ms n 499ms |', values);
      helpers.expectObservable(types, '-^').toBe('- 100ms k 199ms n 199ms n 499ms |', values);
    }),
  );

  it(
    'are as they were recorded',
    run((helpers) => {
      const frames: unknown[] = [];
      replay(text).frames$.subscribe((frame) => frames.push(frame));
      helpers.flush();
      expect(frames[1]).to.deep.equal({
        time: 1_300,
        attempt: 1,
        direction: 'received',
        text: JSON.stringify(next('1', 'a')),
      });
    }),
  );

  it(
    'know speed and loop',
    run((helpers) => {
      const { frames$ } = replay(text, { speed: 10, loop: true });
      const types = frames$.pipe(map(typeOf), take(4));
      const values = { k: 'connection_ack', n: 'next' };
      helpers.expectObservable(types).toBe('10ms k 19ms n 19ms n 59ms (k|)', values);
    }),
  );

  it(
    'come no more after unsubscribing',
    run((helpers) => {
      const texts = replay(text, { speed: Infinity }).frames$.pipe(map(typeOf), take(1));
      helpers.expectObservable(texts).toBe('(k|)', { k: 'connection_ack' });
    }),
  );

  it('wait for as long as no timer can', () => {
    const clock = sinon.useFakeTimers();
    try {
      const month = 2_592_000_000;
      const texts: string[] = [];
      replay(recordingOf(...begun(), received(month, 'late'))).frames$.subscribe((frame) =>
        texts.push(frame.text),
      );
      clock.tick(month - 1);
      expect(texts).to.have.length(1);
      clock.tick(1);
      expect(texts).to.deep.equal([texts[0], 'late']);
    } finally {
      clock.restore();
    }
  });
});

describe('helpers of a replay', () => {
  it(
    'do not mind what would have come to a client that has left',
    run((helpers) => {
      const beats = Array.from({ length: 700 }, (_, n) => received(n * 1_000, { type: 'pong' }));
      const server = replay(recordingOf(...begun(), ...beats), { helpers });
      const data = socketOver(server).subscribe$(document);
      helpers.expectObservable(data, '^ 50ms !').toBe('');
    }),
  );

  it('end virtual time, and tell what goes on for ever', () => {
    for (const [options, limit] of [
      [{}, 600_000],
      [{ limit: 1_000 }, 1_000],
    ] as const)
      expect(
        run((helpers) => {
          const socket = socketOver(replay(text, { helpers, ...options }), {
            retry: { delay: 250 },
          });
          helpers.expectObservable(socket.subscribe$(document)).toBe('');
        }),
      ).to.throw(`virtual time was stopped at ${limit} ms with more to come`);
  });
});
