import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bench, wsBench } from '../helpers/bench.js';
import { accepts } from '../helpers/scripted.js';
import { virtually } from '../helpers/virtually.js';
import { current, legacy } from '../helpers/wire.js';

const query = 'subscription { a }';
const ka = { type: 'ka' };
const lostFor = (states: readonly object[]) => {
  const waiting = states.at(-1) as { error?: { silentFor?: number } };
  return waiting.error?.silentFor;
};

describe("keepAliveTimeout: 'auto'", () => {
  it(
    'is the default, and gives a legacy server up that has fallen silent',
    virtually(({ record, advance }) => {
      const { socket, at, peers } = bench({ pingInterval: undefined }, accepts(legacy.subprotocol));
      const states = record(socket.status$);
      const stream = record(socket.subscribe$(query));
      advance(2);
      for (const pause of [0, 10_000, 10_000]) {
        advance(pause);
        at(0).send(ka);
      }
      advance(29_999);
      expect(peers).to.have.length(1);
      advance(1);
      expect(lostFor(states.values)).to.equal(30_000);
      advance(10);
      expect(peers).to.have.length(2);
      stream.unsubscribe();
    }),
  );

  it(
    'takes pings of the server for heartbeats, and pongs that answer none of ours',
    virtually(({ record, advance }) => {
      const { socket, at } = bench({}, accepts(current.subprotocol));
      const states = record(socket.status$);
      const stream = record(socket.subscribe$(query));
      advance(2);
      for (const type of ['ping', 'pong', 'ping']) {
        advance(4_000);
        at(0).send({ type });
      }
      advance(12_001);
      expect(lostFor(states.values)).to.equal(12_000);
      stream.unsubscribe();
    }),
  );

  it(
    'learns nothing from pongs that answer pings of ours or of the user',
    virtually(({ record, advance }) => {
      const { socket, at, peers } = bench({ pingInterval: 10_000, pongTimeout: false });
      const stream = record(socket.subscribe$(query));
      const connections = record(socket.connection$);
      advance(2);
      for (let round = 0; round < 5; round += 1) {
        advance(5_000);
        connections.values[0]?.send({ type: 'ping' });
        at(0).send({ type: 'pong' });
        advance(5_000);
        at(0).send({ type: 'pong' });
      }
      advance(100_000);
      expect(peers).to.have.length(1);
      stream.unsubscribe();
    }),
  );

  it(
    'hears the WebSocket-level pings that a legacy server sends in place of ka',
    virtually(({ record, advance }) => {
      const { socket, at } = wsBench({}, accepts(legacy.subprotocol));
      const states = record(socket.status$);
      const events = record(socket.events$);
      const stream = record(socket.subscribe$(query));
      advance(2);
      for (let beat = 0; beat < 3; beat += 1) {
        advance(15_000);
        at(0).emit('ping');
      }
      expect(events.values.filter(({ type }) => type === 'ping')).to.have.length(3);
      // `ws` has answered them
      expect(at(0).sent.map(({ type }) => type)).to.deep.equal(['connection_init', 'start']);
      advance(44_999);
      expect(states.values.at(-1)).to.include({ state: 'connected' });
      advance(1);
      expect(lostFor(states.values)).to.equal(45_000);
      stream.unsubscribe();
    }),
  );

  it(
    'knows the cadence on the next connection, which may be dead from its start',
    virtually(({ record, advance }) => {
      const { socket, at, peers } = bench({}, accepts(legacy.subprotocol));
      const stream = record(socket.subscribe$(query));
      advance(2);
      for (let beat = 0; beat < 3; beat += 1) {
        at(0).send(ka);
        advance(10_000);
      }
      at(0).close();
      advance(12);
      expect(peers).to.have.length(2);
      advance(30_010);
      expect(peers).to.have.length(3);
      // but not twice: this server may not beat at all
      advance(600_000);
      expect(peers).to.have.length(3);
      stream.unsubscribe();
    }),
  );

  it(
    'never gives up a server that beats, for a day, however unevenly',
    virtually(({ record, advance }) => {
      const { socket, at, peers } = bench({}, accepts(legacy.subprotocol));
      const stream = record(socket.subscribe$(query));
      advance(2);
      for (let beat = 0; beat < 5_760; beat += 1) {
        at(0).send(ka);
        advance(15_000 + ((beat * 7_919) % 6_000) - 3_000);
      }
      expect(peers).to.have.length(1);
      stream.unsubscribe();
    }),
  );

  it(
    'is off with false',
    virtually(({ record, advance }) => {
      const { socket, at, peers } = bench({ keepAliveTimeout: false }, accepts(legacy.subprotocol));
      const stream = record(socket.subscribe$(query));
      for (let beat = 0; beat < 5; beat += 1) {
        advance(5_000);
        at(0).send(ka);
      }
      advance(600_000);
      expect(peers).to.have.length(1);
      stream.unsubscribe();
    }),
  );
});
