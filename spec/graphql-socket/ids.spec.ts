import { expect } from 'chai';
import { describe } from 'mocha';
import { take, type Observable } from 'rxjs';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { GraphQLSocket } from '../../lib/graphql-socket-api.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
import { handshake } from '../../lib/connection/handshake.js';
import { execute } from '../../lib/operation/execute.js';
import { openSocket } from '../../lib/transport/open-socket.js';
import type { RequestFields, RequestInput } from '../../lib/types.js';
import { bench, subscribed } from '../helpers/bench.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete, current } from '../helpers/wire.js';

const subscription = 'subscription { a }';

describe('operation ids', () => {
  test('tell 1000 operations on one socket apart', () => {
    const { socket, at, peers } = bench();
    const streams = Array.from({ length: 1_000 }, () => record(socket.subscribe$(subscription)));
    advance(2);
    const ids = at(0)
      .sent.slice(1)
      .map(({ id }) => String(id));
    expect(new Set(ids).size).to.equal(1_000);
    at(0).send(...[...ids].reverse().map((id) => current.next(id, { data: id })));
    expect(streams.map(({ values }) => values)).to.deep.equal(ids.map((id) => [id]));
    at(0).send(...ids.slice(0, 500).map(complete));
    for (const { unsubscribe } of streams) unsubscribe();
    expect(at(0).sent.slice(1_001)).to.deep.equal(ids.slice(500).map(current.stop));
    advance(1);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });

  test('are given by a function that is called without `this`, because the router is ours', () => {
    const seen: unknown[] = [];
    function generateId(this: unknown) {
      seen.push(this);
      return 'one';
    }
    subscribed(bench({ generateId }));
    advance(2);
    expect(seen).to.deep.equal([undefined]);
  });

  test('are never used twice, over operations, reconnects and new dials', () => {
    const peer = bench();
    for (let round = 0; round < 5; round += 1) {
      const streams = [1, 2, 3].map(() => record(peer.socket.subscribe$(subscription)));
      advance(3);
      record(peer.socket.subscribe$(subscription).pipe(take(1))).unsubscribe();
      peer.live()[0]?.close(1006);
      advance(13);
      for (const { unsubscribe } of streams) unsubscribe();
      // so that no dial must wait for its turn
      advance(2_000);
    }
    const ids = peer
      .messages()
      .filter(({ type }) => type === 'subscribe')
      .map(({ id }) => Number(id));
    expect(ids).to.have.length(5 * 7);
    expect(ids).to.deep.equal(ids.map((_, index) => index + 1));
  });
});

describe('generateId', () => {
  test('gives the ids, one for each send', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const { socket, at } = subscribed(bench({ generateId: () => ids.shift() as string }));
    record(socket.query$('{ a }'));
    advance(2);
    expect(ids).to.deep.equal(['c', 'd']);
    at(0).send(current.next('a', { data: 1 }));
    at(0).close(1006);
    advance(12);
    expect(
      at(1)
        .sent.slice(1)
        .map(({ id }) => id),
    ).to.deep.equal(['c', 'd']);
  });

  test('is told the request as it was given, for each send: the document as text, and no function called', () => {
    const seen: RequestFields[] = [];
    const generateId = (request: RequestFields) => {
      seen.push(request);
      return `${request.operationName ?? 'none'}-${seen.length}`;
    };
    const { socket, at } = bench({ generateId });
    const document = { ...bare, loc: { source: { body: 'subscription A { a }' } } };
    const never = (): never => {
      throw new Error('called');
    };
    const request = {
      ...{ query: document, operationName: 'A', variables: { b: 1 } },
      ...{ extensions: () => ({ c: 2 }), documentId: 'd', further: 3 },
    };
    record(socket.subscribe$(request));
    record(socket.subscribe$({ query: subscription, variables: never }));
    record(socket.subscribe$(subscription, { share: true }));
    advance(2);
    at(0).close(1006);
    advance(12);
    const told = { ...request, query: 'subscription A { a }' };
    const ids = (index: number) =>
      at(index)
        .sent.slice(1)
        .map(({ id }) => id);
    expect(ids(0)).to.deep.equal(['A-1', 'none-3']);
    expect(ids(1)).to.deep.equal(['A-4', 'none-5']);
    expect(seen[0]).to.deep.equal(told);
    expect(seen[1]).to.deep.equal({ query: subscription, variables: never });
    expect(seen[2]).to.deep.equal({ query: subscription });
    expect(seen[3]).to.deep.equal(told);
  });

  test('is an option of the handshake, too', () => {
    const fake = fakeSocket();
    const connection$ = openSocket({ url: 'ws://peer', webSocketImpl: fake }).pipe(
      handshake({ generateId: ({ query }) => `id of ${String(query)}` }),
    );
    record(connection$.pipe(execute(subscription)));
    advance(0);
    fake.peer.open();
    fake.peer.ack();
    expect(fake.peer.sent.at(-1)).to.include({ id: `id of ${subscription}` });
  });

  const misuses: [string, () => unknown][] = [
    ['returns an id that is in use', () => 'same'],
    ['returns no string', () => 1],
    ['returns nothing', () => undefined],
    ['returns an empty string', () => ''],
    ['returns a promise', () => Promise.resolve('1')],
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
  ];
  for (const [what, generateId] of misuses)
    test(`that ${what} errors the operation with a ConfigurationError, asynchronously, and harms no other`, () => {
      const given = ['same'];
      const { socket, at } = bench({ generateId: () => given.shift() ?? (generateId() as string) });
      const good = record(socket.subscribe$(subscription));
      advance(2);
      const bad = record(socket.subscribe$(subscription));
      expect(bad.log).to.deep.equal([]);
      advance(0);
      expect(bad.error).to.include({ name: 'ConfigurationError', option: 'generateId' });
      at(0).send(current.next('same', { data: 1 }));
      expect([good.values, at(0).closes]).to.deep.equal([[1], []]);
      expect(at(0).sent).to.have.length(2);
    });
});

const persisted = { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } };
const bare = { kind: 'Document', definitions: [] };

describe('a document that does not tell what it is', () => {
  const methods: [string, (socket: GraphQLSocket) => Observable<unknown>, boolean][] = [
    ['subscribe$', (socket) => socket.subscribe$(persisted), true],
    ['query$', (socket) => socket.query$(persisted), true],
    ['mutate$', (socket) => socket.mutate$(persisted), false],
    ['execute$', (socket) => socket.execute$(persisted), false],
    ['payload$', (socket) => socket.payload$(persisted), false],
  ];
  for (const [name, call, again] of methods)
    test(`is sent ${again ? 'again' : 'once'} by ${name}`, () => {
      const { socket, at } = bench();
      record(socket.connection$);
      const stream = record(call(socket));
      advance(2);
      expect(at(0).sent[1]).to.deep.equal(current.subscribe('1', persisted));
      at(0).close(1001);
      advance(12);
      expect(at(1).sent.slice(1)).to.deep.equal(again ? [current.subscribe('2', persisted)] : []);
      expect(stream.log.map(([, ...what]) => what)).to.deep.equal(
        again ? [] : [['error', 'ConnectionLostError']],
      );
    });

  test('is a subscription that completes at close(), where subscribe$ was asked for it', () => {
    const { socket } = bench();
    const [stream, unsent] = [
      record(socket.subscribe$(persisted)),
      record(socket.query$(persisted)),
    ];
    advance(2);
    socket.close();
    expect(stream.log).to.deep.equal([[2, 'complete']]);
    expect(unsent.error).to.include({ name: 'SocketDisposedError' });
  });
});

describe('a DocumentNode', () => {
  const source = {
    kind: 'Document',
    definitions: [],
    loc: { source: { body: 'subscription { a }' } },
  };

  test('is sent as it was written, or as `print` has it', () => {
    for (const [document, print] of [
      [source, undefined],
      [bare, () => 'subscription { a }'],
    ] as const) {
      const { socket, at } = bench({ print });
      const stream = record(socket.subscribe$(document));
      socket.connection$.subscribe((connection) =>
        connection.execute(document).subscribe({ error: () => undefined }),
      );
      advance(2);
      const query = { query: 'subscription { a }' };
      expect(at(0).sent.slice(1)).to.deep.equal(
        ['1', '2'].map((id) => current.subscribe(id, query)),
      );
      stream.unsubscribe();
      socket.close();
      advance(5);
    }
  });
});

describe('a request that cannot be sent', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const print = () => {
    throw new Error('mine');
  };
  const query = 'subscription { a }';
  const bad: [
    what: string,
    RequestInput<unknown, unknown>,
    option: string,
    print?: typeof print,
  ][] = [
    ['without text', bare, 'query'],
    ['that `print` fails on', bare, 'print', print],
    ...(['variables', 'extensions'] as const).flatMap((option): typeof bad => [
      [`with a BigInt in its ${option}`, { query, [option]: { n: 1n } }, option],
      [`with a cycle in its ${option}`, { query, [option]: cycle }, option],
    ]),
  ];
  for (const [what, request, option, print] of bad)
    test(`${what} is a ConfigurationError, asynchronously, and dials nothing`, () => {
      const { socket, peers } = bench({ print });
      const stream = record(socket.subscribe$(request));
      expect(stream.log).to.deep.equal([]);
      advance(0);
      expect(stream.error).to.include({ name: 'ConfigurationError', option });
      expect(peers).to.have.length(0);
    });
});

describe('the configuration', () => {
  test('is taken when the socket object is made: what becomes of it later does not matter', () => {
    const fake = fakeSocket();
    const config = { url: 'ws://peer/one', webSocketImpl: fake };
    const socket = graphqlSocket(config);
    config.url = 'ws://peer/two';
    record(socket.subscribe$('subscription { a }'));
    advance(1);
    expect(fake.peer.url).to.equal('ws://peer/one');
  });
});
