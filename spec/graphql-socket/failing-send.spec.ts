import { expect } from 'chai';
import { describe } from 'mocha';
import { map } from 'rxjs';
import { handshake, openSocket, reconnect } from 'rx-graphql-ws';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench, wsBench } from '../helpers/bench.js';
import type { ClientSocket } from '../helpers/held.js';
import { accepts, scripted } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { current, legacy, protocols } from '../helpers/wire.js';

const broken = new DOMException('The object is in an invalid state.', 'InvalidStateError');
const fail = () => {
  throw broken;
};

/** Lets the WebSocket throw over messages of these types. */
function breakSend(socket: ClientSocket, ...types: readonly string[]): void {
  const { send } = socket;
  socket.send = (text) => {
    if (types.includes((JSON.parse(text) as { type: string }).type)) fail();
    send.call(socket, text);
  };
}

type Bench = ReturnType<typeof bench>;

/** Lets time pass, and spoils each socket as soon as it is dialled. */
function passTime(
  { sockets }: Bench,
  ms: number,
  spoil: (socket: ClientSocket, dial: number) => void,
): void {
  let spoilt = 0;
  for (let passed = 0; passed < ms; passed += 1) {
    for (; spoilt < sockets.length; spoilt += 1) spoil(sockets[spoilt]!, spoilt);
    advance(1);
  }
}

interface Moment {
  readonly subprotocol: string;
  readonly config?: Partial<GraphQLSocketConfig>;
  readonly make?: typeof wsBench;
  readonly breaks: (socket: ClientSocket) => void;
  /** What makes the client send it, once it is connected. */
  readonly act?: (bench: Bench) => void;
}

const breaks =
  (...types: readonly string[]) =>
  (socket: ClientSocket) =>
    breakSend(socket, ...types);

const moments: Record<string, Moment> = {};
for (const { subprotocol } of protocols)
  Object.assign(moments, {
    [`connection_init on ${subprotocol}`]: { subprotocol, breaks: breaks('connection_init') },
    [`an operation on ${subprotocol}`]: { subprotocol, breaks: breaks('subscribe', 'start') },
    [`the end of an operation on ${subprotocol}`]: {
      subprotocol,
      breaks: breaks('complete', 'stop'),
      act: ({ socket }) => {
        const other = record(socket.subscribe$('subscription { b }'));
        expect(() => other.unsubscribe()).not.to.throw();
      },
    },
  } satisfies Record<string, Moment>);
Object.assign(moments, {
  'a pong': {
    subprotocol: current.subprotocol,
    breaks: breaks('pong'),
    act: ({ at }) => at(0).send({ type: 'ping' }),
  },
  'a ping': {
    subprotocol: current.subprotocol,
    config: { pingInterval: 1 },
    breaks: breaks('ping'),
  },
  'a ping of the WebSocket protocol': {
    subprotocol: legacy.subprotocol,
    config: { pingInterval: 1 },
    make: wsBench,
    breaks: (socket) => Object.assign(socket, { ping: fail }),
  },
} satisfies Record<string, Moment>);

describe('a WebSocket that throws over', () => {
  for (const [what, { subprotocol, config, make = bench, breaks: spoil, act }] of Object.entries(
    moments,
  ))
    test(`${what} is lost, and replaced`, () => {
      const made = make(config, accepts(subprotocol));
      const { socket, sockets, peers, live, at } = made;
      const states = record(socket.status$);
      const events = record(socket.events$);
      const stream = record(socket.subscribe$('subscription { a }'));
      spoil(sockets[0]!);
      advance(2);
      act?.(made);
      advance(2);
      const waiting = states.values.find(({ state }) => state === 'waiting');
      expect(waiting)
        .to.have.property('error')
        .that.includes({
          name: 'ConnectionClosedError',
          ...{ code: 1006, reason: '', wasClean: false, cause: broken },
        });
      const ends = events.values.filter(({ type }) => type === 'closed');
      expect(ends).to.have.length(1);
      // without a close frame
      expect(ends[0]).to.include({ code: 1006, wasClean: false });
      advance(11);
      expect(peers).to.have.length(2);
      // nothing was learnt of the server
      expect(at(1).offered).to.deep.equal([current.subprotocol, legacy.subprotocol]);
      expect(live()).to.deep.equal([at(1)]);
      at(1).next(1, { a: 1 });
      expect(stream.values).to.deep.equal([{ a: 1 }]);
      stream.unsubscribe();
      socket.close();
      advance(5_000);
      expect(timers()).to.equal(0);
    });

  test('a mutation may have sent it: the mutation is told so, and nobody else', () => {
    const { socket, sockets } = bench();
    const stream = record(socket.subscribe$('subscription { a }'));
    advance(3);
    sockets[0]!.send = fail;
    const mutation = record(socket.mutate$('mutation { a }'));
    expect(mutation.error).to.include({ name: 'ConnectionLostError' });
    expect(mutation.error.cause).to.include({ name: 'ConnectionClosedError', cause: broken });
    advance(20);
    expect(stream.error).to.equal(undefined);
  });

  test('each ping is replaced, and is still pinged', () => {
    const made = bench({ pingInterval: 5 });
    const states = record(made.socket.status$);
    const stream = record(made.socket.subscribe$('subscription { a }'));
    passTime(made, 15_000, (socket, dial) => dial < 12 && breakSend(socket, 'ping'));
    expect(made.peers).to.have.length(13);
    expect(made.at(12).sent.map(({ type }) => type)).to.include('ping');
    // and no operation is searched for the reason, which would be done without a wait
    expect(stream.error).to.equal(undefined);
    const waits = states.values.flatMap((status) =>
      status.state === 'waiting' ? [status.delay] : [],
    );
    expect(waits).to.have.length(12).and.not.include(0);
  });

  test('one operation is found out, and its neighbours live on', () => {
    const made = bench();
    const stream = record(made.socket.subscribe$('subscription { a }'));
    const poison = record(made.socket.subscribe$('subscription { poison }'));
    passTime(made, 20_000, (socket) => {
      const { send } = socket;
      socket.send = (text) => (text.includes('poison') ? fail() : send.call(socket, text));
    });
    expect(poison.error).to.include({ name: 'ConnectionClosedError', code: 1006 });
    made.at(-1).next(1, { a: 1 });
    expect(stream.values).to.deep.equal([{ a: 1 }]);
  });

  test('the last words is let go', () => {
    const { socket, sockets, live } = bench({}, accepts(legacy.subprotocol));
    const stream = record(socket.subscribe$('subscription { a }'));
    advance(3);
    sockets[0]!.send = fail;
    expect(() => stream.unsubscribe()).not.to.throw();
    advance(10);
    expect(live()).to.deep.equal([]);
    expect(timers()).to.equal(0);
  });

  test('anything is lost, also if somebody else has made it', () => {
    const fake = scripted(accepts());
    const foreign$ = openSocket({ url: 'ws://peer/', webSocketImpl: fake }).pipe(
      map((socket) => ({ ...socket, send: fail })),
    );
    const connections = record(foreign$.pipe(handshake()));
    advance(5);
    expect(connections.error).to.include({ name: 'ConnectionClosedError', cause: broken });
    record(foreign$.pipe(handshake(), reconnect({ delay: 5 })));
    advance(20);
    expect(fake.peers.length).to.be.greaterThan(3);
  });

  test('a frame of the user’s is lost, and the user hears nothing', () => {
    const { socket, sockets } = bench();
    const states = record(socket.status$);
    socket.connection$.subscribe((connection) => {
      sockets[0]!.send = fail;
      expect(() => connection.send({ type: 'ping' })).not.to.throw();
    });
    advance(3);
    expect(states.values.map(({ state }) => state)).to.include('waiting');
  });
});

describe('what cannot be written', () => {
  for (const { subprotocol } of protocols)
    test(`is an error of its operation alone, on ${subprotocol}`, () => {
      const { socket, peers } = bench({}, accepts(subprotocol));
      const stream = record(socket.subscribe$('subscription { a }'));
      const bad = record(
        socket.subscribe$({ query: 'subscription { b }', variables: () => ({ n: 1n }) }),
      );
      advance(5);
      expect(bad.error).to.include({ name: 'ConfigurationError' });
      expect(stream.error).to.equal(undefined);
      expect(peers).to.have.length(1);
    });
});
