import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map } from 'rxjs';
import sinon from 'sinon';
import { replay } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  begun,
  closed,
  document,
  observe,
  opened,
  received,
  recordingOf,
  socketOver,
  status,
  wire,
} from './recorded.js';

const { next } = wire('graphql-transport-ws');

describe('dials of a replay', () => {
  it(
    'open as late as they were recorded to',
    run((helpers) => {
      const lines = [
        status(1_000, 'idle'),
        status(5_000, 'connecting'),
        ...begun(undefined, 5_070),
      ];
      const server = replay(recordingOf(...lines, received(5_075, next('1', 7))));
      const { subscribe, run: go } = observe(helpers, socketOver(server), 200);
      subscribe();
      expect(go()).to.deep.equal([
        [75, 7],
        [200, 'complete'],
      ]);
    }),
  );

  it(
    'open at once if nothing is known of the dial',
    run((helpers) => {
      const server = replay(recordingOf(...begun(undefined, 5_070), received(5_075, next('1', 7))));
      const { subscribe, run: go } = observe(helpers, socketOver(server), 20);
      subscribe();
      expect(go()[0]).to.deep.equal([5, 7]);
    }),
  );

  it(
    'open as late as a second dial for another subprotocol did',
    run((helpers) => {
      const server = replay(
        recordingOf(
          ...[status(0, 'connecting'), opened(10), closed(20, 1002)],
          ...begun('graphql-ws', 50, 2),
          received(55, wire('graphql-ws').next('1', 7), 2),
        ),
      );
      const { subscribe, run: go } = observe(helpers, socketOver(server), 100);
      subscribe();
      expect(go()[0]).to.deep.equal([55, 7]);
      expect(server.peers.map(({ subprotocol }) => subprotocol)).to.deep.equal([
        'graphql-transport-ws',
        'graphql-ws',
      ]);
    }),
  );

  it(
    'fail as they did',
    run((helpers) => {
      const server = replay(
        recordingOf(
          ...[status(0, 'connecting'), closed(30, 1006), status(30, 'waiting', 'ConnectionError')],
          ...[status(40, 'connecting'), ...begun(undefined, 40, 2), received(41, next('1', 7), 2)],
        ),
      );
      const socket = socketOver(server);
      const errors = socket.status$.pipe(map((state) => 'error' in state && state.error.message));
      helpers.expectObservable(errors, '^ 45ms !').toBe('(ff) 26ms e 9ms (ff)', {
        f: false,
        e: 'could not connect to ws://replay/: this dial failed in the recording',
      });
      helpers.expectObservable(socket.subscribe$(document), '^ 45ms !').toBe('41ms 7', { 7: 7 });
    }),
  );

  for (const [count, message] of [
    [1, 'the recording has 1 attempt, and this is dial 2'],
    [2, 'the recording has 2 attempts, and this is dial 3'],
  ] as const)
    it(
      `fail after the last of ${count}`,
      run((helpers) => {
        const attempts = [1, 2].slice(0, count);
        const lines = attempts.flatMap((n) => [opened(n, '', n), closed(n, 1012, '', n)]);
        const socket = socketOver(replay(recordingOf(...lines)), { retry: { count, delay: 1 } });
        const { subscribe, run: go } = observe(helpers, socket, 1_000);
        subscribe();
        expect(go()[0]?.[1]).to.equal(`could not connect to ws://replay/: ${message}`);
      }),
    );

  it(
    'begin anew with `loop`',
    run((helpers) => {
      const text = recordingOf(
        ...[...begun(), received(5, next('1', 'a')), closed(10, 1012)],
        ...[...begun(undefined, 20, 2), received(25, next('1', 'b'), 2), closed(30, 1012, '', 2)],
      );
      const socket = socketOver(replay(text, { loop: true }));
      helpers
        // the fourth dial has to wait for its turn
        .expectObservable(socket.subscribe$(document), '^ 1050ms !')
        .toBe('5ms a 19ms b 19ms a 959ms b');
    }),
  );

  it('are in real time, too', () => {
    const clock = sinon.useFakeTimers();
    try {
      const server = replay(recordingOf(...begun(), received(1_000, next('1', 7))));
      const data: unknown[] = [];
      socketOver(server)
        .subscribe$(document)
        .subscribe((value) => data.push(value));
      clock.tick(990);
      expect(data).to.deep.equal([]);
      clock.tick(20);
      expect(data).to.deep.equal([7]);
    } finally {
      clock.restore();
    }
  });

  it('need no clock that moves with the timers', () => {
    const clock = sinon.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const server = replay(
        recordingOf(...begun(), received(1_000, next('1', 1)), received(2_000, next('1', 2))),
      );
      const data: unknown[] = [];
      socketOver(server)
        .subscribe$(document)
        .subscribe((value) => data.push(value));
      clock.tick(1_500);
      expect(data).to.deep.equal([1]);
      clock.tick(510);
      expect(data).to.deep.equal([1, 2]);
    } finally {
      clock.restore();
    }
  });

  it(
    'are left in vain by a client that is gone',
    run((helpers) => {
      const text = recordingOf(status(0, 'connecting'), ...begun(undefined, 50), closed(500, 1012));
      const server = replay(text);
      const { subscribe, at, run: go } = observe(helpers, socketOver(server), 1_000);
      const first = subscribe();
      at(20, () => first.unsubscribe());
      go();
      expect(server.peers.map(({ readyState }) => readyState)).to.deep.equal([3]);
    }),
  );

  it(
    'are watched from the server',
    run((helpers) => {
      const server = replay(recordingOf(...begun()));
      const { subscribe, run: go } = observe(helpers, socketOver(server), 10);
      subscribe();
      go();
      expect(server.peers[0]?.operations.map(({ request }) => request.query)).to.deep.equal([
        document,
      ]);
    }),
  );
});
