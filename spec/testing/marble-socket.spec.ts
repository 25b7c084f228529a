import { expect } from 'chai';
import { describe } from 'mocha';
import { map } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { GraphQLSocketConfig, WebSocketConstructor } from 'rx-graphql-ws';
import type { MarbleValues } from 'rx-graphql-ws/testing';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { document, init, socketOver, timed } from './marble-test.js';

const payload = { query: document };

/** Expects the stream of one operation. */
function watch(helpers: RunHelpers, script: string, values?: MarbleValues) {
  const socket = socketOver(marbleSocket(helpers, [script], values), { retry: false });
  return helpers.expectObservable(socket.subscribe$(document), '^ 50ms !');
}

/** Expects a connection that is there until the end. */
function connected(
  helpers: RunHelpers,
  server: WebSocketConstructor,
  config?: Partial<GraphQLSocketConfig>,
  unsubscription = '^ 5ms !',
) {
  const socket = socketOver(server, config);
  const connection$ = socket.connection$.pipe(map(() => 'c'));
  helpers.expectObservable(connection$, unsubscription).toBe('-c');
  return socket;
}

describe('marbleSocket', () => {
  timed('plays a script for each dial, and shows the messages of the client', (helpers) => {
    const server = marbleSocket(helpers, ['-o-a--1-x', 'oa-1-1']);
    const data$ = socketOver(server).subscribe$(document);
    helpers.expectObservable(data$, '^ 30ms !').toBe('------1 14ms 1-1');
    helpers.expectObservable(server.sent$, '^ 40ms !').toBe('-i-s 14ms it 11ms c', {
      i: init,
      s: { type: 'subscribe', id: '1', payload },
      t: { type: 'subscribe', id: '2', payload },
      c: { type: 'complete', id: '2' },
    });
  });

  timed('asks a function for the script of each dial', (helpers) => {
    const asked: number[] = [];
    const server = marbleSocket(helpers, (attempt) => {
      asked.push(attempt);
      return attempt < 3 ? 'x' : 'oa1';
    });
    const data$ = socketOver(server).subscribe$(document);
    helpers.expectObservable(data$, '^ 40ms !').toBe('---------------------- 1');
    helpers.flush();
    expect(asked).to.deep.equal([1, 2, 3]);
  });

  timed('plays groups, pauses, and results for several operations', (helpers) => {
    const socket = socketOver(marbleSocket(helpers, ['(oa) 1s (12)']));
    helpers.expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 1');
    helpers.expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 2');
  });

  timed('stops when the client leaves, and tells how it left', (helpers) => {
    const server = marbleSocket(helpers, ['oa-1-1-9-x'], {}, { ws: true });
    const data$ = socketOver(server).subscribe$(document);
    helpers.expectObservable(data$, '^ 4ms !').toBe('---1');
    helpers.flush();
    const [peer] = server.peers;
    expect(peer).to.include({ attempt: 1, url: 'ws://server/graphql', readyState: 3 });
    expect(peer?.closes).to.deep.equal([{ at: 5, code: 1000, reason: '' }]);
  });

  for (const [subprotocol, type] of [
    ['graphql-transport-ws', 'pong'],
    ['graphql-ws', 'ka'],
  ] as const)
    timed(`k sends ${type} on ${subprotocol}`, (helpers) => {
      const server = marbleSocket(helpers, ['oa-k']);
      const { events$ } = connected(helpers, server, { subprotocols: [subprotocol] });
      const frames: string[] = [];
      events$.subscribe((event) => event.type === 'received' && frames.push(event.text));
      helpers.flush();
      expect(frames).to.include(`{"type":"${type}"}`);
    });

  timed('p pings, and the client answers', (helpers) => {
    const server = marbleSocket(helpers, ['oa-p']);
    connected(helpers, server);
    const sent = { i: init, p: { type: 'pong' } };
    helpers.expectObservable(server.sent$, '^ 5ms !').toBe('i--p', sent);
  });

  for (const [script, marbles, error] of [
    ['oa-1-x', '---1-#', { name: 'ConnectionClosedError', code: 1006, wasClean: false }],
    ['oa-1-|', '---1-#', { name: 'ConnectionClosedError', code: 1000, wasClean: true }],
    ['oa-1-#', '---1-#', { name: 'ConnectionClosedError', code: 1006 }],
    ['--#', '--#', { name: 'ConnectionError' }],
  ] as const)
    timed(`${script} ends the socket`, (helpers) => {
      watch(helpers, script).toBe(marbles, undefined, error);
    });

  const pinging = { pingInterval: 10, pongTimeout: 5 };

  timed('answers pings', (helpers) => {
    connected(helpers, marbleSocket(helpers, ['oa']), pinging, '^ 35ms !');
  });

  timed('does not answer pings with `answerPings: false`', (helpers) => {
    const server = marbleSocket(helpers, () => 'oa', {}, { answerPings: false });
    const data$ = socketOver(server, { ...pinging, retry: false }).subscribe$(document);
    const error = { name: 'SilentDisconnectError' };
    helpers.expectObservable(data$).toBe('16ms #', undefined, error);
  });
});

describe('a value of marbleSocket', () => {
  const errors = [{ message: 'no' }];

  timed('has the data of a digit', (helpers) => {
    const price = { price: 7 };
    watch(helpers, 'oa-1-1', { 1: { data: price } }).toBe('---1-1', { 1: price });
  });

  timed('is a result for an operation by number or id', (helpers) => {
    const server = marbleSocket(helpers, ['oa-ti'], {
      t: { operation: 2, data: 'number' },
      i: { operation: '1', data: 'id' },
    });
    const socket = socketOver(server);
    helpers.expectObservable(socket.subscribe$(document), '^ 9ms !').toBe('----a', { a: 'id' });
    const second$ = socket.subscribe$(document);
    helpers.expectObservable(second$, '^ 9ms !').toBe('---b', { b: 'number' });
  });

  timed('is a result with errors and extensions', (helpers) => {
    const whole = { data: null, errors, extensions: { cost: 1 } };
    const server = marbleSocket(helpers, ['oa-ef'], { e: { errors }, f: whole });
    const results$ = socketOver(server).execute$(document);
    helpers.expectObservable(results$, '^ 9ms !').toBe('---ef', { e: { errors }, f: whole });
  });

  timed('is the end of an operation, with an error or without', (helpers) => {
    const failed = { name: 'OperationError', errors };
    watch(helpers, 'oa-e', { e: { error: errors } }).toBe('---#', undefined, failed);
    watch(helpers, 'oa-1-c', { c: { complete: true } }).toBe('---1-|');
  });

  timed('is the selected subprotocol', (helpers) => {
    const server = marbleSocket(helpers, ['la-1'], { l: { open: 'graphql-ws' } });
    helpers.expectObservable(socketOver(server).subscribe$(document), '^ 4ms !').toBe('---1');
    helpers.expectObservable(server.sent$, '^ 4ms !').toBe('is---t', {
      i: init,
      s: { type: 'start', id: '1', payload },
      t: { type: 'stop', id: '1' },
    });
  });

  for (const [close, code, reason] of [
    [4429, 4429, ''],
    [{ code: 1013 }, 1013, ''],
    [{ code: 4429, reason: 'again?' }, 4429, 'again?'],
  ] as const)
    timed(`closes with ${JSON.stringify(close)}`, (helpers) => {
      const error = { code, reason };
      watch(helpers, 'oa-c', { c: { close } }).toBe('---#', undefined, error);
    });

  timed('is a raw frame', (helpers) => {
    const frame = { type: 'next', id: '1', payload: { data: 'raw' } };
    const values = { f: { frame }, g: { frame: JSON.stringify(frame) } };
    watch(helpers, 'oa-fg', values).toBe('---rr', { r: 'raw' });
  });
});
