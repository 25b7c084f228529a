import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map } from 'rxjs';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { complete, document, init, run, socketOver, subscribe, watch } from './marble-test.js';

describe('marbleSocket', () => {
  it(
    'plays a script for each dial, and shows what the client sends',
    run((helpers) => {
      const server = marbleSocket(helpers, ['-o-a--1-x', 'oa-1-1']);
      const data$ = socketOver(server).subscribe$(document);
      helpers.expectObservable(data$, '^ 30ms !').toBe('------1 14ms 1-1');
      const sent = { i: init, s: subscribe('1'), t: subscribe('2'), c: complete('2') };
      helpers.expectObservable(server.sent$, '^ 40ms !').toBe('-i-s 14ms it 11ms c', sent);
    }),
  );

  it(
    'asks a function for the script of each dial',
    run((helpers) => {
      const asked: number[] = [];
      const server = marbleSocket(helpers, (attempt) => {
        asked.push(attempt);
        return attempt < 3 ? 'x' : 'oa1';
      });
      helpers
        .expectObservable(socketOver(server).subscribe$(document), '^ 40ms !')
        .toBe('---------------------- 1');
      helpers.flush();
      expect(asked).to.deep.equal([1, 2, 3]);
    }),
  );

  it(
    'knows groups, pauses, and several operations',
    run((helpers) => {
      const server = marbleSocket(helpers, ['(oa) 1s (12)']);
      const socket = socketOver(server);
      helpers.expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 1');
      helpers.expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 2');
    }),
  );

  it(
    'tells how the client left',
    run((helpers) => {
      const server = marbleSocket(helpers, ['oa'], {}, { ws: true });
      helpers.expectObservable(socketOver(server).subscribe$(document), '^ 5ms !').toBe('');
      helpers.flush();
      const [peer] = server.peers;
      expect(peer).to.include({ attempt: 1, url: 'ws://server/graphql', readyState: 3 });
      expect(peer?.closes).to.deep.equal([{ at: 6, code: 1000, reason: '' }]);
    }),
  );

  it(
    'says no more once the client has left',
    run((helpers) => {
      const server = marbleSocket(helpers, ['oa-1-1-9-x']);
      const data$ = socketOver(server).subscribe$(document);
      helpers.expectObservable(data$, '^ 4ms !').toBe('---1');
    }),
  );

  for (const [subprotocol, beat] of [
    ['graphql-transport-ws', 'pong'],
    ['graphql-ws', 'ka'],
  ] as const)
    it(
      `k beats with ${beat} on ${subprotocol}`,
      run((helpers) => {
        const server = marbleSocket(helpers, ['oa-k']);
        const { connection$, events$ } = socketOver(server, { subprotocols: [subprotocol] });
        const received$ = events$.pipe(
          map((event) => (event.type === 'received' ? event.text : event.type)),
        );
        const frames: string[] = [];
        received$.subscribe((frame) => frames.push(frame));
        helpers.expectObservable(connection$.pipe(map(() => 'c')), '^ 5ms !').toBe('-c');
        helpers.flush();
        expect(frames).to.include(`{"type":"${beat}"}`);
      }),
    );

  it(
    'p pings, and the client answers',
    run((helpers) => {
      const server = marbleSocket(helpers, ['oa-p']);
      helpers
        .expectObservable(socketOver(server).connection$.pipe(map(() => 'c')), '^ 5ms !')
        .toBe('-c');
      helpers
        .expectObservable(server.sent$, '^ 5ms !')
        .toBe('i--p', { i: init, p: { type: 'pong' } });
    }),
  );

  for (const [marble, error] of [
    ['x', { name: 'ConnectionClosedError', code: 1006, wasClean: false }],
    ['|', { name: 'ConnectionClosedError', code: 1000, wasClean: true }],
    ['#', { name: 'ConnectionClosedError', code: 1006 }],
  ] as const)
    it(
      `${marble} ends the socket`,
      run((helpers) => {
        watch(helpers, `oa-1-${marble}`).toBe('---1-#', undefined, error);
      }),
    );

  it(
    '# before the socket opened is a dial that failed',
    run((helpers) => {
      watch(helpers, '--#').toBe('--#', undefined, { name: 'ConnectionError' });
    }),
  );
});
