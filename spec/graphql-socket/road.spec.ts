import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { ack, complete, init, protocols } from '../helpers/wire.js';

const query = 'subscription { a }';

for (const wire of protocols)
  describe(`graphqlSocket on ${wire.subprotocol}`, () => {
    const dialled = (payload?: unknown) =>
      bench({}, accepts(wire.subprotocol, undefined, ack(payload)));

    test('dials nothing until it is subscribed', () => {
      const { socket, peers } = dialled();
      void socket.subscribe$(query);
      record(socket.status$);
      record(socket.events$);
      advance(10);
      expect([peers.length, timers()]).to.deep.equal([0, 0]);
    });

    test('connects, subscribes, delivers and completes, and closes when the last has gone', () => {
      const { socket, at } = dialled();
      const stream = record(socket.subscribe$(query));
      advance(2);
      const peer = at(0);
      expect(peer.url).to.equal('ws://peer/graphql');
      expect(peer.offered).to.deep.equal(['graphql-transport-ws', 'graphql-ws']);
      expect(peer.sent).to.deep.equal([init, wire.subscribe('1', { query })]);
      peer.send(wire.next('1', { data: { a: 1 } }), wire.next('1', { data: { a: 2 } }));
      advance(1);
      peer.send(complete('1'));
      expect(stream.log).to.deep.equal([
        [2, { a: 1 }],
        [2, { a: 2 }],
        [3, 'complete'],
      ]);
      advance(0);
      expect(peer.sent.slice(2)).to.deep.equal(wire.goodbye);
      expect(peer.closes).to.deep.equal([{ at: 3, code: 1000, reason: '' }]);
      advance(1);
      expect(timers()).to.equal(0);
    });

    test('sends variables, operationName and extensions, and nothing that is absent', () => {
      const { socket, at } = dialled();
      const full = { query, variables: { n: 1 }, operationName: 'A', extensions: { e: 1 } };
      const absent = {
        query,
        variables: undefined,
        operationName: undefined,
        extensions: undefined,
      };
      record(socket.subscribe$(full));
      record(socket.execute$(absent));
      advance(2);
      expect(at(0).sent.slice(1)).to.deep.equal([
        wire.subscribe('1', full),
        wire.subscribe('2', { query }),
      ]);
    });

    test('gives whole results, undecoded ones, and the data of one', () => {
      const { socket, at } = dialled();
      const whole = record(socket.execute$('{ a }'));
      const undecoded = record(socket.payload$('{ a }'));
      const once = record(socket.query$('{ a }'));
      const run = record(socket.mutate$('mutation { a }'));
      advance(2);
      const result = { data: null, errors: [{ message: 'partial' }], extensions: { cost: 1 } };
      at(0).send(...['1', '2'].flatMap((id) => [wire.next(id, result), complete(id)]));
      at(0).send(...['3', '4'].map((id) => wire.next(id, { data: { a: id } })));
      const done = [2, 'complete'];
      expect(whole.log).to.deep.equal([[2, result], done]);
      expect(undecoded.values.map(({ text }) => JSON.parse(text) as unknown)).to.deep.equal([
        result,
      ]);
      expect(once.log).to.deep.equal([[2, { a: '3' }], done]);
      expect(run.log).to.deep.equal([[2, { a: '4' }], done]);
      advance(0);
      expect(at(0).sent.slice(5)).to.deep.equal(wire.goodbye);
    });

    test('holds the connection for connection$, and hands on what the ack carried', () => {
      const { socket, at } = dialled({ user: 1 });
      const connections = record(socket.connection$);
      advance(2);
      const late = record(socket.connection$);
      expect(late.values).to.deep.equal(connections.values);
      expect(late.values[0]).to.include({ subprotocol: wire.subprotocol });
      expect(late.values[0]?.ackPayload).to.deep.equal({ user: 1 });
      connections.unsubscribe();
      advance(1_000);
      expect(at(0).closes).to.deep.equal([]);
      late.unsubscribe();
      advance(0);
      expect(at(0).closes).to.have.length(1);
    });

    test('keeps the socket from one operation to the next, and dials anew after it has closed', () => {
      const { socket, peers, at } = dialled();
      for (const id of ['1', '2', '3']) {
        record(socket.query$('{ a }'));
        advance(2);
        at(0).send(wire.next(id, { data: 1 }));
      }
      expect(peers).to.have.length(1);
      advance(2);
      record(socket.query$('{ a }')).unsubscribe();
      expect(peers).to.have.length(2);
    });
  });
