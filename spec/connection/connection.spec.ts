import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map, of, Subject } from 'rxjs';
import type { Connection, LiveConnection } from '../../lib/connection/connection.js';
import { createConnection, isAlive } from '../../lib/connection/connection.js';
import { handshake } from '../../lib/connection/handshake.js';
import type { SocketOccurrence } from '../../lib/connection/status.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { fakeOpenSocket } from '../helpers/fake-open-socket.js';
import { virtually } from '../helpers/virtually.js';
import { ack, complete, current, failure, legacy, protocols } from '../helpers/wire.js';

const loss = new ConnectionClosedError(1001, '', true);

/** A connection whose peer is a Subject of frames. */
function connected(wire = current) {
  const frames$ = new Subject<string>();
  const socket = fakeOpenSocket(frames$, wire.subprotocol);
  let connection: Connection | undefined;
  const session = of(socket)
    .pipe(handshake())
    .subscribe({ next: (value) => (connection = value), error: () => undefined });
  const receive = (...messages: object[]) => {
    for (const message of messages) frames$.next(JSON.stringify(message));
  };
  receive(ack({ user: 1 }));
  const sent = () => socket.sent.slice(1).map(([, message]) => message);
  return { connection: connection as Connection, session, receive, sent, frames$, socket };
}

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
      const frames$ = hot('-aanecpu-#', frames, loss);
      const messages = '   --anecpu-|';
      const late = '       -----cpu-|';
      const messages$ = new Subject<{ type: string }>();
      const type$ = messages$.pipe(map(({ type }) => type));
      cold('s', { s: fakeOpenSocket(frames$) })
        .pipe(handshake())
        .subscribe({ next: (c) => c.messages$.subscribe(messages$), error: () => undefined });
      expectObservable(type$).toBe(messages, types);
      expectObservable(type$, '-----^').toBe(late, types);
    }),
  );

  for (const wire of protocols)
    describe(`of ${wire.subprotocol}`, () => {
      it(
        'executes operations side by side, and takes each from its first frame to its last',
        virtually(({ record }) => {
          const { connection, receive, sent } = connected(wire);
          const [a, b] = [
            record(connection.execute('subscription { a }')),
            record(connection.execute({ query: 'query B { b }', variables: { n: 1 } })),
          ];
          receive(wire.next('2', { data: 'b' }), wire.next('1', { data: 'a' }), complete('2'));
          receive(failure('1', 'no', 'more'), wire.next('1', { data: 'late' }));
          expect(a.values.map(({ text }) => text)).to.deep.equal(['{"data":"a"}']);
          expect(a.error).to.include({
            name: 'OperationError',
            message: 'operation failed: no; more',
          });
          expect(b.values.map((payload) => payload.decode())).to.deep.equal([{ data: 'b' }]);
          expect(b.log.at(-1)).to.deep.equal([0, 'complete']);
          expect(sent()).to.deep.equal([
            wire.subscribe('1', { query: 'subscription { a }' }),
            wire.subscribe('2', { query: 'query B { b }', variables: { n: 1 } }),
          ]);
        }),
      );

      it(
        'stops an operation that is unsubscribed',
        virtually(({ record }) => {
          const { connection, sent } = connected(wire);
          record(connection.execute('subscription { a }')).unsubscribe();
          expect(sent().slice(1)).to.deep.equal([wire.stop('1')]);
        }),
      );

      it(
        'stops what is under way when it is left, says goodbye, and sends nothing after',
        virtually(({ record }) => {
          const { connection, session, sent } = connected(wire);
          const [a, m] = [
            record(connection.execute('subscription { a }')),
            record(connection.execute('mutation { m }')),
          ];
          session.unsubscribe();
          connection.send({ type: 'ping' });
          expect(sent().slice(2)).to.deep.equal([wire.stop('1'), wire.stop('2'), ...wire.goodbye]);
          expect(a.error).to.deep.include({ name: 'ConnectionClosedError', code: 1000 });
          expect(m.error).to.include({ name: 'ConnectionLostError', operationId: '2' });
        }),
      );
    });

  it(
    'errors its operations when it is lost, and sends nothing any more',
    virtually(({ record }) => {
      const { connection, frames$, sent } = connected(legacy);
      const operation = record(connection.execute('{ a }'));
      expect(isAlive(connection)).to.equal(true);
      frames$.next('no JSON');
      expect(operation.error).to.include({ name: 'ProtocolError' });
      expect(isAlive(connection)).to.equal(false);
      connection.send({ type: 'complete', id: '1' });
      expect(sent()).to.have.length(1);
    }),
  );

  it(
    'errors asynchronously for a request that it cannot send',
    virtually(({ record, advance }) => {
      const { connection, sent } = connected();
      const bad = record(connection.execute({ query: '' }));
      expect(bad.log).to.deep.equal([]);
      advance(0);
      expect(bad.error).to.include({ name: 'ConfigurationError', option: 'query' });
      expect(sent()).to.deep.equal([]);
    }),
  );

  it('sends a message that its protocol does not have not at all', () => {
    const { connection, sent } = connected(legacy);
    connection.send({ type: 'ping' });
    connection.send({ type: 'pong' });
    expect(sent()).to.deep.equal([]);
  });
});

describe('createConnection', () => {
  const events: SocketOccurrence[] = [];
  const tap = { listening: () => true, emit: (event: SocketOccurrence) => events.push(event) };
  const pongs$ = new Subject<unknown>();
  const given = { generateId: () => '1', tap };
  const live = (codec = subscriptionsTransportWs(), pinged = 0): LiveConnection =>
    createConnection(
      { ...fakeOpenSocket(of()), ping: () => void (pinged += 1), pongs$ },
      codec,
      given,
    );

  it('pings by the protocol where it can, else by the socket, else not', () => {
    expect(live(graphqlTransportWs()).pings).to.equal('protocol');
    expect(live().pings).to.equal('socket');
    const bare = createConnection(fakeOpenSocket(of()), subscriptionsTransportWs(), given);
    expect(bare.pings).to.equal('none');
    bare.ping();
  });

  it(
    'tells the latency of a pong, once per ping, and takes pongs of the socket like others',
    virtually(({ advance, record }) => {
      events.length = 0;
      const connection = live();
      const messages = record(connection.messages$);
      connection.ping();
      advance(7);
      pongs$.next(undefined);
      pongs$.next(undefined);
      expect(events).to.deep.equal([
        { type: 'ping', direction: 'sent', payload: undefined },
        { type: 'pong', direction: 'received', payload: undefined, latency: 7 },
        { type: 'pong', direction: 'received', payload: undefined, latency: undefined },
      ]);
      expect(messages.values).to.deep.equal([{ type: 'pong' }, { type: 'pong' }]);
    }),
  );

  it('is deaf to pongs once it is lost', () => {
    const connection = live();
    connection.lose(loss);
    events.length = 0;
    pongs$.next(undefined);
    expect(events).to.deep.equal([]);
  });

  it('is lost once', () => {
    const connection = live();
    const lost: unknown[] = [];
    connection.execute('{ a }').subscribe({ error: (error: unknown) => lost.push(error) });
    connection.lose(loss);
    connection.lose(new ConnectionClosedError(1006, '', false));
    connection.abandon(new ConnectionClosedError(1006, '', false));
    expect(lost).to.deep.equal([loss]);
  });
});

describe('isAlive', () => {
  it('takes a connection that is not ours for alive', () => {
    expect(isAlive(fakeConnection())).to.equal(true);
  });
});
