import { expect } from 'chai';
import { describe } from 'mocha';
import { map } from 'rxjs';
import type { GraphQLSocketConfig, WebSocketConstructor } from 'rx-graphql-ws';
import type { MarbleValues } from 'rx-graphql-ws/testing';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { expectObservable, flush, helpers, test } from '../helpers/test.js';
import { document, init, socketOver } from './marble-test.js';

const payload = { query: document };

/** Expects the stream of one operation. */
function watch(script: string, values?: MarbleValues) {
  const socket = socketOver(marbleSocket(helpers(), [script], values), { retry: false });
  return expectObservable(socket.subscribe$(document), '^ 50ms !');
}

/** Expects a connection that is there until the end. */
function connected(
  server: WebSocketConstructor,
  config?: Partial<GraphQLSocketConfig>,
  unsubscription = '^ 5ms !',
) {
  const socket = socketOver(server, config);
  const connection$ = socket.connection$.pipe(map(() => 'c'));
  expectObservable(connection$, unsubscription).toBe('-c');
  return socket;
}

describe('marbleSocket', () => {
  test('plays a script for each dial, and shows the messages of the client', () => {
    const server = marbleSocket(helpers(), ['-o-a--1-x', 'oa-1-1']);
    const data$ = socketOver(server).subscribe$(document);
    expectObservable(data$, '^ 30ms !').toBe('------1 14ms 1-1');
    expectObservable(server.sent$, '^ 40ms !').toBe('-i-s 14ms it 11ms c', {
      i: init,
      s: { type: 'subscribe', id: '1', payload },
      t: { type: 'subscribe', id: '2', payload },
      c: { type: 'complete', id: '2' },
    });
  });

  test('asks a function for the script of each dial', () => {
    const asked: number[] = [];
    const server = marbleSocket(helpers(), (attempt) => {
      asked.push(attempt);
      return attempt < 3 ? 'x' : 'oa1';
    });
    const data$ = socketOver(server).subscribe$(document);
    expectObservable(data$, '^ 40ms !').toBe('---------------------- 1');
    flush();
    expect(asked).to.deep.equal([1, 2, 3]);
  });

  test('plays groups, pauses, and results for several operations', () => {
    const socket = socketOver(marbleSocket(helpers(), ['(oa) 1s (12)']));
    expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 1');
    expectObservable(socket.subscribe$(document), '^ 2s !').toBe('---- 1s 2');
  });

  test('stops when the client leaves, and tells how it left', () => {
    const server = marbleSocket(helpers(), ['oa-1-1-9-x'], {}, { ws: true });
    const data$ = socketOver(server).subscribe$(document);
    expectObservable(data$, '^ 4ms !').toBe('---1');
    flush();
    const [peer] = server.peers;
    expect(peer).to.include({ attempt: 1, url: 'ws://server/graphql', readyState: 3 });
    expect(peer?.closes).to.deep.equal([{ at: 5, code: 1000, reason: '' }]);
  });

  for (const [subprotocol, type] of [
    ['graphql-transport-ws', 'pong'],
    ['graphql-ws', 'ka'],
  ] as const)
    test(`k sends ${type} on ${subprotocol}`, () => {
      const server = marbleSocket(helpers(), ['oa-k']);
      const { events$ } = connected(server, { subprotocols: [subprotocol] });
      const frames: string[] = [];
      events$.subscribe((event) => event.type === 'received' && frames.push(event.text));
      flush();
      expect(frames).to.include(`{"type":"${type}"}`);
    });

  test('p pings, and the client answers', () => {
    const server = marbleSocket(helpers(), ['oa-p']);
    connected(server);
    const sent = { i: init, p: { type: 'pong' } };
    expectObservable(server.sent$, '^ 5ms !').toBe('i--p', sent);
  });

  for (const [script, marbles, error] of [
    ['oa-1-x', '---1-#', { name: 'ConnectionClosedError', code: 1006, wasClean: false }],
    ['oa-1-|', '---1-#', { name: 'ConnectionClosedError', code: 1000, wasClean: true }],
    ['oa-1-#', '---1-#', { name: 'ConnectionClosedError', code: 1006 }],
    ['--#', '--#', { name: 'ConnectionError' }],
  ] as const)
    test(`${script} ends the socket`, () => {
      watch(script).toBe(marbles, undefined, error);
    });

  const pinging = { pingInterval: 10, pongTimeout: 5 };

  test('answers pings', () => {
    connected(marbleSocket(helpers(), ['oa']), pinging, '^ 35ms !');
  });

  test('does not answer pings with `answerPings: false`', () => {
    const server = marbleSocket(helpers(), () => 'oa', {}, { answerPings: false });
    const data$ = socketOver(server, { ...pinging, retry: false }).subscribe$(document);
    const error = { name: 'SilentDisconnectError' };
    expectObservable(data$).toBe('16ms #', undefined, error);
  });
});

describe('a value of marbleSocket', () => {
  const errors = [{ message: 'no' }];

  test('has the data of a digit', () => {
    const price = { price: 7 };
    watch('oa-1-1', { 1: { data: price } }).toBe('---1-1', { 1: price });
  });

  test('is a result for an operation by number or id', () => {
    const server = marbleSocket(helpers(), ['oa-ti'], {
      t: { operation: 2, data: 'number' },
      i: { operation: '1', data: 'id' },
    });
    const socket = socketOver(server);
    expectObservable(socket.subscribe$(document), '^ 9ms !').toBe('----a', { a: 'id' });
    const second$ = socket.subscribe$(document);
    expectObservable(second$, '^ 9ms !').toBe('---b', { b: 'number' });
  });

  test('is a result with errors and extensions', () => {
    const whole = { data: null, errors, extensions: { cost: 1 } };
    const server = marbleSocket(helpers(), ['oa-ef'], { e: { errors }, f: whole });
    const results$ = socketOver(server).execute$(document);
    expectObservable(results$, '^ 9ms !').toBe('---ef', { e: { errors }, f: whole });
  });

  test('is the end of an operation, with an error or without', () => {
    const failed = { name: 'OperationError', errors };
    watch('oa-e', { e: { error: errors } }).toBe('---#', undefined, failed);
    watch('oa-1-c', { c: { complete: true } }).toBe('---1-|');
  });

  test('is the selected subprotocol', () => {
    const server = marbleSocket(helpers(), ['la-1'], { l: { open: 'graphql-ws' } });
    expectObservable(socketOver(server).subscribe$(document), '^ 4ms !').toBe('---1');
    expectObservable(server.sent$, '^ 4ms !').toBe('is---t', {
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
    test(`closes with ${JSON.stringify(close)}`, () => {
      const error = { code, reason };
      watch('oa-c', { c: { close } }).toBe('---#', undefined, error);
    });

  test('is a raw frame', () => {
    const frame = { type: 'next', id: '1', payload: { data: 'raw' } };
    const values = { f: { frame }, g: { frame: JSON.stringify(frame) } };
    watch('oa-fg', values).toBe('---rr', { r: 'raw' });
  });
});
