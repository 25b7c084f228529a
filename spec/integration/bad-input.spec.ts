import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import {
  defer,
  interval,
  lastValueFrom,
  map,
  NEVER,
  retry,
  takeUntil,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

const ticks = 'subscription { tick }';
const cycle: { self?: unknown } = {};
cycle.self = { cycle };
const throwing = () => {
  throw new Error('secret detail');
};

/** What only JavaScript, or a cast, can pass. */
const unchecked = (value: unknown) => value as never;

describe('bad input', () => {
  const serve = useServer();
  const connect = useSocket();
  useCalm();
  let server: GraphQLTestServer;
  beforeEach(async () => {
    server = await serve({ handle: () => interval(2).pipe(map((data) => ({ data }))) });
  });

  /** Requests that cannot be sent, and the option that each error names. */
  const requests: readonly (readonly [name: string, option: string, request: unknown])[] = [
    ['an empty document', 'query', ''],
    ['no document', 'query', undefined],
    ['null', 'query', null],
    ['a number', 'query', 42],
    ['a document without text', 'query', { kind: 'Document', definitions: [] }],
    ['a request without a document', 'query', { variables: {} }],
    ['an unknown field', 'variable', { query: '{ a }', variable: {} }],
    ['a BigInt', 'variables', { query: '{ a }', variables: { a: 1n } }],
    ['a cycle', 'variables', { query: '{ a }', variables: cycle }],
    [
      'a toJSON that throws',
      'variables',
      { query: '{ a }', variables: { a: { toJSON: throwing } } },
    ],
    ['variables that are a list', 'variables', { query: '{ a }', variables: [1] }],
    [
      'variables that are a promise',
      'variables',
      { query: '{ a }', variables: Promise.resolve({}) },
    ],
    ['variables() that throws', 'variables', { query: '{ a }', variables: throwing }],
    [
      'variables() that gives a BigInt',
      'variables',
      { query: '{ a }', variables: () => ({ a: 1n }) },
    ],
    ['variables() that gives a string', 'variables', { query: '{ a }', variables: () => 'a' }],
    ['extensions with a BigInt', 'extensions', { query: '{ a }', extensions: { a: 1n } }],
    ['extensions() that throws', 'extensions', { query: '{ a }', extensions: throwing }],
    ['an operationName that is no string', 'operationName', { query: '{ a }', operationName: 1 }],
  ];
  const methods = ['subscribe$', 'query$', 'mutate$', 'execute$', 'payload$'] as const;

  for (const [name, option, request] of requests) {
    it(`${name} is a ConfigurationError on that stream, asynchronously, and its neighbour goes on`, async () => {
      const socket = connect({ url: server.url });
      const neighbour = follow(socket.subscribe$(ticks));
      await eventually(() => expect(neighbour.values.length).to.be.greaterThan(0));
      for (const method of methods) {
        const stream$ = (socket[method] as (request: unknown) => Observable<unknown>)(request);
        let late = false;
        stream$.subscribe({ error: () => expect(late).to.equal(true) });
        late = true;
        const error = await failureOf(stream$, 'ConfigurationError');
        expect(error.option).to.equal(option);
        expect(error.message).to.include(`\`${option}\``).and.not.include('secret');
      }
      await goesOn(neighbour);
      expect(server.ledger.opened).to.have.length(1);
      const sent = server.ledger.messages.map(({ type }) => type);
      expect(sent).to.deep.equal(['connection_init', 'subscribe']);
    });
  }

  const failing: readonly (readonly [name: string, config: Partial<GraphQLSocketConfig>])[] = [
    ['a url() that throws', { url: throwing }],
    ['a url() that rejects', { url: () => Promise.reject(new Error('secret detail')) }],
    ['a url$ that errors', { url: throwError(() => new Error('secret detail')) }],
    ['connectionParams() that throws', { connectionParams: throwing }],
    ['webSocketOptions() that throws', { webSocketOptions: throwing }],
    ['subprotocols() that throws', { subprotocols: throwing }],
  ];
  for (const [name, config] of failing) {
    it(`${name} is a ConnectionError with its cause, and final at the first connect`, async () => {
      const socket = connect({ url: server.url, ...config });
      const others = failureOf(socket.query$('{ a }'), 'ConnectionError');
      const error = await failureOf(socket.subscribe$(ticks), 'ConnectionError');
      expect(error.message)
        .to.include(`\`${Object.keys(config)[0]!}\``)
        .and.not.include('secret');
      expect(error.cause).to.have.property('message', 'secret detail');
      await others;
      expect(server.ledger.upgrades).to.deep.equal([]);
    });
  }

  it('a url() that gives no URL is a ConfigurationError', async () => {
    const socket = connect({ url: () => 'nonsense' });
    expect((await failureOf(socket.query$('{ a }'), 'ConfigurationError')).option).to.equal('url');
  });

  it('a url() that throws after a first success is asked again', async () => {
    let calls = 0;
    const url = () => ((calls += 1) === 2 ? throwing() : server.url);
    const neighbour = follow(connect({ url }).subscribe$(ticks));
    await eventually(() => expect(neighbour.values.length).to.be.greaterThan(0));
    server.drop();
    await eventually(() => expect(calls).to.equal(3));
    await goesOn(neighbour);
  });

  it('connectionParams that cannot be serialised are a ConfigurationError, and nothing is sent', async () => {
    const socket = connect({ url: server.url, connectionParams: { a: 1n } });
    const error = await failureOf(socket.query$('{ a }'), 'ConfigurationError');
    expect(error.option).to.equal('connectionParams');
    expect(server.ledger.messages).to.deep.equal([]);
  });

  const retried: readonly (readonly [string, (socket: GraphQLSocket) => Observable<unknown>])[] = [
    ['a disposed socket', ({ subscribe$ }) => subscribe$(ticks)],
    ['connection$ of a disposed socket', ({ connection$ }) => connection$],
    ['a bad document', ({ subscribe$ }) => subscribe$(unchecked({ kind: 'Document' }))],
    ['variables with a cycle', ({ query$ }) => query$({ query: '{ a }', variables: cycle })],
  ];
  for (const [name, stream] of retried) {
    it(`a bare retry() on ${name} does not overflow the stack`, async () => {
      const socket = connect({ url: server.url });
      if (name.includes('disposed')) socket.close();
      let subscribed = 0;
      const counted$ = defer(() => {
        subscribed += 1;
        // a stream that errored at once would be retried at once, for ever
        if (subscribed > 1_000) return NEVER;
        return stream(socket);
      });
      await lastValueFrom(counted$.pipe(retry(), takeUntil(timer(40))), {
        defaultValue: undefined,
      });
      expect(subscribed).to.be.within(2, 100);
    });
  }
});

interface Followed {
  readonly values: unknown[];
  readonly ends: unknown[];
}

function follow(stream$: Observable<unknown>): Followed {
  const values: unknown[] = [];
  const ends: unknown[] = [];
  stream$.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => ends.push(error),
    complete: () => ends.push('completed'),
  });
  return { values, ends };
}

async function goesOn({ values, ends }: Followed): Promise<void> {
  const before = values.length;
  await eventually(() => expect(values.length).to.be.greaterThan(before + 1));
  expect(ends).to.deep.equal([]);
}
