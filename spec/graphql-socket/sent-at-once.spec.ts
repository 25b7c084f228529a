import { expect } from 'chai';
import { describe, it } from 'mocha';
import { NEVER, Observable, of, Subject, take } from 'rxjs';
import type { Connection, OpenSocket } from '../../lib/index.js';
import { execute, handshake } from '../../lib/index.js';
import { bench } from '../helpers/bench.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { advance, record, test } from '../helpers/test.js';
import { ack, current } from '../helpers/wire.js';

describe('an answer that comes while its request is being sent', () => {
  test('is the last where one is taken, and the server is told', () => {
    const { socket, at } = bench();
    const stream = record(socket.subscribe$('subscription { a }').pipe(take(1)));
    advance(1);
    at(0).replies.subscribe = ({ id }) => at(0).next(String(id), 1);
    advance(1);
    expect(stream.values).to.deep.equal([1]);
    expect(at(0).sent.slice(1)).to.deep.equal([
      current.subscribe('1', { query: 'subscription { a }' }),
      current.stop('1'),
    ]);
    advance(10);
  });

  it('ends the operation on a connection of anybody', () => {
    let ended = 0;
    const answering: Connection = {
      ...fakeConnection(NEVER),
      execute: () =>
        new Observable((subscriber) => {
          subscriber.next(payload({ data: 1 }) as never);
          return () => {
            ended += 1;
          };
        }),
    };
    of(answering).pipe(execute('subscription { a }'), take(1)).subscribe();
    expect(ended).to.equal(1);
  });

  test('is the ack, on a socket of anybody', () => {
    const frames = new Subject<string>();
    const socket: OpenSocket = {
      subprotocol: current.subprotocol,
      frames$: frames,
      send: () => {
        frames.next(JSON.stringify(ack('hello')));
      },
    };
    const { values } = record(of(socket).pipe(handshake(), take(1)));
    expect(values.map(({ ackPayload }) => ackPayload)).to.deep.equal(['hello']);
    expect(frames.observed).to.equal(false);
  });

  test('is an unsubscribe in a function of the request: nothing is sent for it', () => {
    const { socket, at } = bench();
    record(socket.subscribe$('subscription { b }'));
    const stream = record(
      socket.subscribe$({
        query: 'subscription { a }',
        variables: () => {
          stream.unsubscribe();
          return {};
        },
      }),
    );
    advance(2);
    const ids = at(0).sent.map(({ type, id }) => [type, id]);
    expect(ids.filter(([, id]) => id === '2')).to.deep.equal([]);
  });
});
