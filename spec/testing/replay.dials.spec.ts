import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map } from 'rxjs';
import sinon from 'sinon';
import { replay } from 'rx-graphql-ws/testing';
import { expectObservable, test } from '../helpers/test.js';
import { document, socketOver } from './marble-test.js';
import { begun, closed, observeReplay, opened } from './recorded.js';
import { received, recordingOf, status, wire } from './recorded.js';

const { next } = wire('graphql-transport-ws');

describe('the dials of a replay', () => {
  const late = [...begun(undefined, 5_070), received(5_075, next('1', 7))];
  const second = [...begun('graphql-ws', 50, 2), received(55, wire('graphql-ws').next('1', 7), 2)];
  const other = [status(0, 'connecting'), opened(10), closed(20, 1002), ...second];
  const idle = [status(1_000, 'idle'), status(5_000, 'connecting')];
  for (const [what, lines, time] of [
    ['open with the recorded delay', [...idle, ...late], 75],
    ['open at once if the recording has no dial', late, 5],
    ['open with the delay of a second dial for another subprotocol', other, 55],
  ] as const)
    test(what, () => {
      const { subscribe, run: go } = observeReplay(lines);
      subscribe();
      expect(go(200)[0]).to.deep.equal([time, 7]);
    });

  test('fail as recorded', () => {
    const { socket } = observeReplay([
      ...[status(0, 'connecting'), closed(30, 1006), status(30, 'waiting', 'ConnectionError')],
      ...[status(40, 'connecting'), ...begun(undefined, 40, 2), received(41, next('1', 7), 2)],
    ]);
    const errors = socket.status$.pipe(map((state) => 'error' in state && state.error.message));
    expectObservable(errors, '^ 45ms !').toBe('(ff) 26ms e 9ms (ff)', {
      f: false,
      e: 'could not connect to ws://server/graphql: this dial failed in the recording',
    });
    expectObservable(socket.subscribe$(document), '^ 45ms !').toBe('41ms 7', { 7: 7 });
  });

  for (const [count, message] of [
    [1, 'the recording has 1 attempt, and this is dial 2'],
    [2, 'the recording has 2 attempts, and this is dial 3'],
  ] as const)
    test(`fail after the last one of ${count}`, () => {
      const attempts = [1, 2].slice(0, count);
      const lines = attempts.flatMap((n) => [opened(n, '', n), closed(n, 1012, '', n)]);
      const retry = { count, delay: 1 };
      const { subscribe, run: go } = observeReplay(lines, { retry });
      subscribe();
      expect(go(1_000)[0]?.[1]).to.contain(message);
    });

  test('begin anew with `loop`', () => {
    const lines = [
      ...[...begun(), received(5, next('1', 'a')), closed(10, 1012)],
      ...[...begun(undefined, 20, 2), received(25, next('1', 'b'), 2), closed(30, 1012, '', 2)],
    ];
    const { socket } = observeReplay(lines, {}, { loop: true });
    expectObservable(socket.subscribe$(document), '^ 1050ms !').toBe('5ms a 19ms b 19ms a 959ms b');
  });

  for (const [what, faked] of [
    ['real time', undefined],
    ['timers without a clock that moves', { toFake: ['setInterval', 'clearInterval'] as const }],
  ] as const)
    it(`follow ${what}`, () => {
      const clock = sinon.useFakeTimers(faked && { toFake: [...faked.toFake] });
      try {
        const results = [received(1_000, next('1', 1)), received(2_000, next('1', 2))];
        const data: unknown[] = [];
        socketOver(replay(recordingOf(...begun(), ...results)))
          .subscribe$(document)
          .subscribe((value) => data.push(value));
        clock.tick(990);
        expect(data).to.deep.equal([]);
        clock.tick(510);
        expect(data).to.deep.equal([1]);
        clock.tick(520);
        expect(data).to.deep.equal([1, 2]);
      } finally {
        clock.restore();
      }
    });

  test('may come to a client that has left', () => {
    const lines = [status(0, 'connecting'), ...begun(undefined, 50), closed(500, 1012)];
    const { server, subscribe, at, run: go } = observeReplay(lines);
    const first = subscribe();
    at(20, () => first.unsubscribe());
    go(1_000);
    expect(server.peers.map(({ readyState }) => readyState)).to.deep.equal([3]);
  });
});
