import { describe, it } from 'mocha';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { document, init, run, socketOver, subscribe, watch } from './marble-test.js';

describe('values of marbleSocket', () => {
  it(
    'say what a digit carries',
    run((helpers) => {
      const price = { price: 7 };
      watch(helpers, 'oa-1-1', { 1: { data: price } }).toBe('---1-1', { 1: price });
    }),
  );

  it(
    'say which operation a result is for, by number or id',
    run((helpers) => {
      const server = marbleSocket(helpers, ['oa-ti'], {
        t: { operation: 2, data: 'by number' },
        i: { operation: '1', data: 'by id' },
      });
      const socket = socketOver(server);
      helpers
        .expectObservable(socket.subscribe$(document), '^ 9ms !')
        .toBe('----a', { a: 'by id' });
      helpers
        .expectObservable(socket.subscribe$(document), '^ 9ms !')
        .toBe('---b', { b: 'by number' });
    }),
  );

  it(
    'are errors and extensions, too',
    run((helpers) => {
      const errors = [{ message: 'no' }];
      const extensions = { cost: 1 };
      const server = marbleSocket(helpers, ['oa-ef'], {
        e: { errors },
        f: { data: null, errors, extensions },
      });
      helpers
        .expectObservable(socketOver(server).execute$(document), '^ 9ms !')
        .toBe('---ef', { e: { errors }, f: { data: null, errors, extensions } });
    }),
  );

  it(
    'fail an operation',
    run((helpers) => {
      const errors = [{ message: 'no such field' }];
      watch(helpers, 'oa-e', { e: { error: errors } }).toBe('---#', undefined, {
        name: 'OperationError',
        errors,
      });
    }),
  );

  it(
    'complete an operation',
    run((helpers) => {
      watch(helpers, 'oa-1-c', { c: { complete: true } }).toBe('---1-|');
    }),
  );

  it(
    'open with another subprotocol than the first that was offered',
    run((helpers) => {
      const server = marbleSocket(helpers, ['la-1'], { l: { open: 'graphql-ws' } });
      helpers.expectObservable(socketOver(server).subscribe$(document), '^ 4ms !').toBe('---1');
      helpers.expectObservable(server.sent$, '^ 4ms !').toBe('is---t', {
        i: init,
        s: subscribe('1', 'start'),
        t: { type: 'stop', id: '1' },
      });
    }),
  );

  for (const [value, error] of [
    [{ close: 4429 }, { code: 4429, reason: '' }],
    [{ close: { code: 1013 } }, { code: 1013, reason: '' }],
    [{ close: { code: 4429, reason: 'again?' } }, { code: 4429, reason: 'again?' }],
  ] as const)
    it(
      `close with ${JSON.stringify(value.close)}`,
      run((helpers) => {
        watch(helpers, 'oa-c', { c: value }).toBe('---#', undefined, error);
      }),
    );

  it(
    'are frames as they are',
    run((helpers) => {
      const frame = { type: 'next', id: '1', payload: { data: 'raw' } };
      watch(helpers, 'oa-fg', { f: { frame }, g: { frame: JSON.stringify(frame) } }).toBe('---rr', {
        r: 'raw',
      });
    }),
  );
});
