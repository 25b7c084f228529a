import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, Subject } from 'rxjs';
import { isAlive } from '../../lib/connection/connection.js';
import { counter, handshake } from '../../lib/connection/handshake.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { opened } from '../helpers/opened.js';
import { virtually } from '../helpers/virtually.js';
import { current, legacy, protocols } from '../helpers/wire.js';

const lost = new ConnectionClosedError(1001, '', true);

describe('Connection', () => {
  it('knows its subprotocol and the payload of the ack', () => {
    for (const wire of protocols) {
      const { connection } = connected(wire);
      expect(connection.subprotocol).to.equal(wire.subprotocol);
      expect(connection.ackPayload).to.deep.equal({ user: 1 });
    }
  });

  it(
    'emits every message after the ack, hot, and completes when it is lost',
    virtually(({ hot, cold, expectObservable }) => {
      const frames = {
        a: '{"type":"connection_ack"}',
        n: '{"type":"next","id":"7","payload":{"data":1}}',
        e: '{"type":"error","id":"7","payload":[]}',
        c: '{"type":"complete","id":"7"}',
        p: '{"type":"ping"}',
        u: '{"type":"news"}',
      };
      const types = { n: 'next', e: 'error', c: 'complete', p: 'ping', u: 'unknown', a: 'ack' };
      const frames$ = hot('-aanecpu-#', frames, lost);
      const messages = '   --anecpu-|';
      const late = '       -----cpu-|';
      const messages$ = new Subject<{ type: string }>();
      const type$ = messages$.pipe(map(({ type }) => type));
      cold('s', { s: opened(frames$) })
        .pipe(handshake())
        .subscribe({ next: (c) => c.messages$.subscribe(messages$), error: () => undefined });
      expectObservable(type$).toBe(messages, types);
      expectObservable(type$, '-----^').toBe(late, types);
    }),
  );

  it('completes its messages when it is left', () => {
    const { connection, leave } = connected();
    let completed = false;
    connection.messages$.subscribe({ complete: () => (completed = true) });
    leave();
    expect(completed).to.equal(true);
  });

  it('sends what it is told to, in its own dialect', () => {
    for (const { subprotocol, subscribe, stop } of protocols) {
      const { connection, sent } = connected(subprotocol === 'graphql-ws' ? legacy : current);
      connection.send({ type: 'subscribe', id: 'x', payload: { query: '{ a }', variables: {} } });
      connection.send({ type: 'complete', id: 'x' });
      const payload = { query: '{ a }', variables: {} };
      expect(sent()).to.deep.equal([subscribe('x', payload), stop('x')]);
    }
  });

  it('sends a message that its protocol does not have not at all', () => {
    const old = connected(legacy);
    old.connection.send({ type: 'ping' });
    old.connection.send({ type: 'pong' });
    expect(old.sent()).to.deep.equal([]);
    const { connection, sent } = connected(current);
    connection.send({ type: 'terminate' });
    connection.send({ type: 'ping', payload: 1 });
    expect(sent()).to.deep.equal([{ type: 'ping', payload: 1 }]);
  });

  it('sends nothing once it is lost, or left', () => {
    for (const end of ['lose', 'leave'] as const) {
      const peer = connected(legacy);
      peer[end](lost);
      const before = peer.sent();
      peer.connection.send({ type: 'complete', id: '1' });
      expect(peer.sent()).to.deep.equal(before);
    }
  });
});

describe('isAlive', () => {
  it('is false of a connection that is lost, or was left', () => {
    for (const end of ['lose', 'leave'] as const) {
      const peer = connected();
      expect(isAlive(peer.connection)).to.equal(true);
      peer[end](lost);
      expect(isAlive(peer.connection)).to.equal(false);
    }
  });

  it('takes a connection that is not ours for alive', () => {
    expect(isAlive(fakeConnection())).to.equal(true);
  });
});

describe('counter', () => {
  it('counts from "1", each for itself', () => {
    const [a, b] = [counter(), counter()];
    expect([a(), a(), a(), b()]).to.deep.equal(['1', '2', '3', '1']);
  });
});
