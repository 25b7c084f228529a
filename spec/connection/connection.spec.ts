import { expect } from 'chai';
import { describe, it } from 'mocha';
import { defer, map, of, Subject } from 'rxjs';
import { adaptConnection } from '../../lib/connection/connection.js';
import { handshake } from '../../lib/connection/handshake.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { connected } from '../helpers/connected.js';
import { fakeConnection, payload } from '../helpers/fake-connection.js';
import { opened } from '../helpers/opened.js';
import { cold, expectObservable, hot, test } from '../helpers/test.js';
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

  test('emits every message after the ack, hot, and completes when it is lost', () => {
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
  });

  it('completes its messages when it is left', () => {
    const { connection, leave } = connected();
    let completed = false;
    connection.messages$.subscribe({ complete: () => (completed = true) });
    leave();
    expect(completed).to.equal(true);
  });

  it('sends what it is told to in its own dialect, and what that does not have not at all', () => {
    for (const wire of protocols) {
      const { connection, sent } = connected(wire);
      const payload = { query: '{ a }', variables: {} };
      connection.send({ type: 'subscribe', id: 'x', payload });
      connection.send({ type: 'complete', id: 'x' });
      expect(sent()).to.deep.equal([wire.subscribe('x', payload), wire.stop('x')]);
      connection.send({ type: 'ping', payload: 1 });
      if (wire === current) connection.send({ type: 'terminate' });
      else connection.send({ type: 'pong' });
      const further = wire === current ? [{ type: 'ping', payload: 1 }] : [];
      expect(sent().slice(2)).to.deep.equal(further);
    }
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

describe('LiveConnection', () => {
  for (const end of ['lose', 'leave'] as const)
    it(`says once that it is lost, and at once to a late listener: ${end}`, () => {
      const peer = connected();
      const connection = adaptConnection(peer.connection);
      const told: string[] = [];
      const listen = (name: string) =>
        connection.lost$.subscribe({
          next: () => told.push(name),
          error: expect.fail,
          complete: () => told.push(`${name}|`),
        });
      listen('early');
      expect([told, connection.lost]).to.deep.equal([[], false]);
      peer[end](lost);
      expect([told, connection.lost]).to.deep.equal([['early', 'early|'], true]);
      listen('late');
      expect(told.slice(2)).to.deep.equal(['late', 'late|']);
    });

  it('says that it is lost before its messages complete, and before its operations are told', () => {
    const { connection, lose } = connected();
    const told: string[] = [];
    const tell = (what: string) => () => told.push(what);
    connection.execute('{ a }').subscribe({ error: tell('operation') });
    connection.messages$.subscribe({ complete: tell('messages'), error: expect.fail });
    adaptConnection(connection).lost$.subscribe({ next: tell('lost'), error: expect.fail });
    lose(lost);
    expect(told).to.deep.equal(['lost', 'operation', 'messages']);
  });
});

describe('adaptConnection', () => {
  it('leaves a connection of ours as it is', () => {
    const { connection } = connected();
    expect(adaptConnection(connection)).to.equal(connection);
  });

  for (const end of ['complete', 'error'] as const)
    it(`takes a connection of anybody's for alive until its messages end: ${end}`, () => {
      const messages$ = new Subject<ServerMessage>();
      const connection = adaptConnection(fakeConnection(messages$));
      const told: string[] = [];
      connection.lost$.subscribe({
        next: () => told.push('lost'),
        error: expect.fail,
        complete: () => told.push('complete'),
      });
      messages$.next({ type: 'pong' });
      expect([told, connection.lost]).to.deep.equal([[], false]);
      messages$[end]('over');
      expect([told, connection.lost]).to.deep.equal([['lost', 'complete'], true]);
    });

  it("listens once to the messages of anybody's, however many listen to it", () => {
    let subscribed = 0;
    const messages = new Subject<ServerMessage>();
    const connection = adaptConnection(
      fakeConnection(
        defer(() => {
          subscribed += 1;
          return messages;
        }),
      ),
    );
    const types: string[] = [];
    const listening = [connection.messages$, connection.ping$, connection.heartbeat$].map((each$) =>
      each$.subscribe({
        next: (message) => types.push((message as ServerMessage).type),
        error: expect.fail,
      }),
    );
    messages.next({ type: 'pong' });
    messages.next({ type: 'ping' });
    expect([subscribed, connection.received]).to.deep.equal([1, 2]);
    expect(types).to.deep.equal(['pong', 'ping', 'ping', 'ping']);
    for (const each of listening) each.unsubscribe();
    expect(messages.observed).to.equal(false);
  });

  it("pings on anybody's where the protocol has pings", () => {
    for (const { subprotocol } of protocols) {
      const foreign = fakeConnection(undefined, { subprotocol });
      adaptConnection(foreign).ping?.();
      const expected = subprotocol === current.subprotocol ? [{ type: 'ping' }] : [];
      expect(foreign.sent).to.deep.equal(expected);
    }
  });

  it('runs an operation by the connection that somebody else made', () => {
    const foreign = fakeConnection(undefined, { payload$: of(payload({ data: 1 })) });
    const results: unknown[] = [];
    adaptConnection(foreign)
      .execute('{ a }')
      .subscribe({ next: (each) => results.push(each.decode()), error: expect.fail });
    expect(results).to.deep.equal([{ data: 1 }]);
  });
});
