import { expect } from 'chai';
import { describe } from 'mocha';
import type { Observable } from 'rxjs';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { GraphQLSocket } from '../../lib/graphql-socket.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
import type { RequestInput } from '../../lib/types.js';
import { bench } from '../helpers/bench.js';
import { advance, record, test } from '../helpers/test.js';
import { current } from '../helpers/wire.js';

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
