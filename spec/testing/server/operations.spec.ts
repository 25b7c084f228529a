import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, EMPTY, interval, map, NEVER, Observable, of, Subject, take } from 'rxjs';
import type {
  ConnectionContext,
  OperationHandler,
  OperationRequest,
} from 'rx-graphql-ws/testing/server';
import { useServer } from '../../helpers/use-server.js';
import { eventually } from '../../helpers/eventually.js';
import {
  connect,
  current,
  dial,
  init,
  legacy,
  start,
  subscribe,
  subscribe as subscribing,
  type RawClient,
} from './raw-client.js';

const protocols = [
  { subprotocol: current, subscribe: 'subscribe', stop: 'complete', result: 'next' },
  { subprotocol: legacy, subscribe: 'start', stop: 'stop', result: 'data' },
] as const;

// A handler may fail with anything.
const failing = (value: unknown) => new Observable<never>((subscriber) => subscriber.error(value));

const query = 'subscription { number }';

describe('graphqlTestServer operations', () => {
  const serve = useServer();

  for (const { subprotocol, subscribe, stop, result } of protocols)
    describe(`over ${subprotocol}`, () => {
      it('sends each value of the handler as a result, then complete', async () => {
        const server = await serve({
          handle: ({ variables }) =>
            interval(2).pipe(
              map((n) => ({ data: { number: n } })),
              take(variables.count as number),
            ),
        });
        const client = await connect(server.url, subprotocol);
        client.send({ type: subscribe, id: '1', payload: { query, variables: { count: 2 } } });
        expect([await client.next(), await client.next(), await client.next()]).to.deep.equal([
          { id: '1', type: result, payload: { data: { number: 0 } } },
          { id: '1', type: result, payload: { data: { number: 1 } } },
          { id: '1', type: 'complete' },
        ]);
      });

      it('hands over the request and whose it is', async () => {
        const asked: [OperationRequest, ConnectionContext][] = [];
        const server = await serve({
          handle: (request, context) => {
            asked.push([request, context]);
            return EMPTY;
          },
        });
        const client = await dial(`${server.url}?token=x`, subprotocol, { headers: { test: '1' } });
        const extensions = { persistedQuery: { version: 1 } };
        client.send({ ...init, payload: { user: 'u' } });
        await client.next();
        client.send(
          {
            type: subscribe,
            id: 'a',
            payload: { query, variables: { n: 1 }, operationName: 'Q', extensions },
          },
          { type: subscribe, id: 'b', payload: { query, variables: null, operationName: null } },
        );
        await server.ledger.until('ended', ({ id }) => id === 'b');
        expect(asked.map(([request]) => request)).to.deep.equal([
          { id: 'a', query, variables: { n: 1 }, operationName: 'Q', extensions },
          { id: 'b', query, variables: {} },
        ]);
        const { peer, headers, ...context } = asked[0]![1];
        expect(context).to.deep.equal({
          connectionParams: { user: 'u' },
          url: '/graphql?token=x',
          subprotocol,
        });
        expect(headers).to.include({ test: '1' });
        expect(peer.connection).to.equal(1);
      });

      it('fails the operation alone when the handler throws, fails or cannot be serialised', async () => {
        const cyclic: { data?: unknown } = {};
        cyclic.data = cyclic;
        const server = await serve({
          handle: ({ query: wanted }) => {
            if (wanted === 'throw') throw new Error('boom');
            if (wanted === 'fail') return concat(of({ data: 1 }), failing('text'));
            if (wanted === 'cycle') return of(cyclic);
            return NEVER;
          },
        });
        const client = await connect(server.url, subprotocol);
        const ask = (wanted: string) => {
          client.send({ type: subscribe, id: wanted, payload: { query: wanted } });
        };
        const error = (id: string, message: string) => ({
          id,
          type: 'error',
          payload: subprotocol === current ? [{ message }] : { message },
        });
        ask('other');
        ask('throw');
        expect(await client.next()).to.deep.equal(error('throw', 'boom'));
        ask('fail');
        expect(await client.next()).to.deep.include({ type: result });
        expect(await client.next()).to.deep.equal(error('fail', 'text'));
        ask('cycle');
        expect(await client.next()).to.deep.include({ type: 'error', id: 'cycle' });
        expect(server.ledger.operations.map(({ id }) => id)).to.deep.equal(['other']);
      });

      it('keeps what is GraphQL of an error, and of several', async () => {
        const first = { message: 'no', locations: [{ line: 1, column: 2 }], path: ['a'] };
        const second = { message: 'neither', extensions: { code: 'X' } };
        const server = await serve({ handle: () => failing([first, second]) });
        const client = await connect(server.url, subprotocol);
        client.send({ type: subscribe, id: '1', payload: { query } });
        expect(await client.next()).to.deep.equal({
          id: '1',
          type: 'error',
          payload: subprotocol === current ? [first, second] : first,
        });
      });

      it('unsubscribes from the handler when the client ends the operation', async () => {
        const source$ = new Subject<{ data: unknown }>();
        const server = await serve({ handle: () => source$ });
        const client = await connect(server.url, subprotocol);
        client.send({ type: subscribe, id: '1', payload: { query } });
        await server.ledger.until('started');
        expect(source$.observed).to.equal(true);
        expect(server.ledger.operations).to.deep.equal([
          { connection: 1, id: '1', request: { id: '1', query, variables: {} } },
        ]);
        client.send({ type: stop, id: '1' }, { type: stop, id: 'unknown' });
        await server.ledger.received(stop, 2);
        expect(source$.observed).to.equal(false);
        expect(server.ledger.operations).to.deep.equal([]);
        client.socket.close();
        await client.closed;
        const acknowledged = [{ id: '1', type: 'complete' }];
        expect(client.heard.slice(1)).to.deep.equal(subprotocol === legacy ? acknowledged : []);
      });

      it('ignores the end of an operation with ignoreStop', async () => {
        const source$ = new Subject<{ data: unknown }>();
        const server = await serve({ handle: () => source$, ignoreStop: true });
        const client = await connect(server.url, subprotocol);
        client.send({ type: subscribe, id: '1', payload: { query } }, { type: stop, id: '1' });
        await server.ledger.received(stop);
        source$.next({ data: 1 });
        expect(await client.next()).to.deep.include({ type: result });
        expect(server.ledger.operations).to.have.length(1);
      });
    });

  it('sends the message of an Error among the errors of a result', async () => {
    const errors = [new Error('lost')];
    const server = await serve({ handle: () => concat(of({ data: null, errors }), NEVER) });
    const client = await connect(server.url);
    client.send(subscribing);
    const payload = { data: null, errors: [{ message: 'lost' }] };
    expect(await client.next()).to.deep.include({ payload });
  });

  it('keeps the message of an error that JSON cannot hold', async () => {
    const server = await serve({ handle: () => failing({ message: 'no', extensions: { n: 1n } }) });
    const client = await connect(server.url);
    client.send(subscribing);
    expect(JSON.stringify(await client.next())).to.include('no (and more that JSON cannot hold');
  });

  it('lets a handler close its own connection', async () => {
    const server = await serve({
      handle: (_request, { peer }) => {
        peer.close(4000, 'enough');
        return of({ data: 1 });
      },
    });
    const client = await connect(server.url);
    client.send(subscribing);
    expect(await client.closed).to.deep.equal({ code: 4000, reason: 'enough' });
  });
});

describe('graphqlTestServer handle', () => {
  const serve = useServer();

  const toReturn =
    '`handle` to return an Observable, a promise or an iterable of results, such as `of({ data })`';
  const eachResult = 'each result of `handle` to be an object such as `{ data }`';
  for (const [answer, wanted, got] of [
    [{ data: 1 }, toReturn, 'object'],
    [undefined, toReturn, 'undefined'],
    [null, toReturn, 'null'],
    [1, toReturn, 'number'],
    ['{ "data": 1 }', toReturn, 'string'],
    [of(undefined), eachResult, 'undefined'],
    [of(null), eachResult, 'null'],
    [of('text'), eachResult, 'string'],
    [of(5), eachResult, 'number'],
  ] as const)
    it(`explains ${wanted}, where that is ${got}`, async () => {
      const server = await serve({ handle: (() => answer) as unknown as OperationHandler });
      const client = await connect(server.url);
      client.send(subscribe);
      const message = `expected ${wanted}, got ${got}`;
      expect(await client.next()).to.deep.equal({ id: '1', type: 'error', payload: [{ message }] });
      expect(client.socket.readyState).to.equal(client.socket.OPEN);
      expect(server.ledger.operations).to.deep.equal([]);
    });

  const right: Record<string, ReturnType<OperationHandler>> = {
    'an Observable': of({ data: 1 }),
    'a promise': Promise.resolve({ data: 1 }),
    'an array': [{ data: 1 }],
    'a set': new Set([{ data: 1 }]),
    'an asynchronous iterable': (async function* () {
      yield await Promise.resolve({ data: 1 });
    })(),
  };
  for (const [name, answer] of Object.entries(right))
    it(`returns ${name}`, async () => {
      const client = await connect((await serve({ handle: () => answer })).url);
      client.send(subscribe);
      expect(await client.next()).to.deep.equal({ id: '1', type: 'next', payload: { data: 1 } });
    });
});

const handle = () => concat(of({ data: { a: 1 } }), NEVER);

const results = ({ heard }: RawClient) =>
  heard.flatMap((message) => ((message as { type: string }).type === 'data' ? [message] : []));

describe('graphqlTestServer maxStreams', () => {
  const serve = useServer();

  it('leaves operations beyond it without a result, in silence, while ka goes on', async () => {
    let asked = 0;
    const server = await serve({
      ...{ maxStreams: 2, keepAlive: 5 },
      handle: () => {
        asked += 1;
        return handle();
      },
    });
    const [one, two] = [await connect(server.url, legacy), await connect(server.url, legacy)];
    one.send(start());
    two.send(start(), start('2'), start('3'));
    await server.ledger.until('capped', undefined, 2);
    const beats = server.ledger.counts.sent;
    await server.ledger.until('sent', ({ message }) => message?.type === 'ka', beats + 3);
    expect(results(one)).to.have.length(1);
    expect(results(two)).to.deep.equal([{ id: '1', type: 'data', payload: { data: { a: 1 } } }]);
    expect(asked).to.equal(2);
    const named = ({ connection, id }: { connection: number; id: string }) => [connection, id];
    expect(server.ledger.billed.map(named)).to.deep.equal([
      [1, '1'],
      [2, '1'],
    ]);
    expect(server.ledger.operations).to.have.length(2);
  });

  it('gives a stream that was stopped to the next operation, not to one that waits', async () => {
    const server = await serve({ maxStreams: 1, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), start('2'), { type: 'stop', id: '1' }, start('3'));
    await server.ledger.until('started', ({ id }) => id === '3');
    await eventually(() => {
      expect(results(client)).to.deep.include.members([
        { id: '3', type: 'data', payload: { data: { a: 1 } } },
      ]);
    });
    expect(server.ledger.billed.map(({ id }) => id)).to.deep.equal(['3']);
    expect(JSON.stringify(client.heard)).to.not.include('"2"');
  });

  it('acknowledges the stop of an operation beyond it, which cost nothing', async () => {
    const server = await serve({ maxStreams: 0, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), { type: 'stop', id: '1' });
    expect(await client.next()).to.deep.equal({ id: '1', type: 'complete' });
    expect(await server.ledger.until('ended')).to.deep.include({ id: '1', billedFor: 0 });
    expect(server.ledger.billedTime).to.equal(0);
  });

  it('counts what the client stopped in vain', async () => {
    const server = await serve({ maxStreams: 1, ignoreStop: true, handle });
    const client = await connect(server.url, legacy);
    client.send(start(), { type: 'stop', id: '1' }, start('2'));
    expect((await server.ledger.until('capped')).id).to.equal('2');
    client.socket.close();
    await server.ledger.until('closed');
    const next = await connect(server.url, legacy);
    next.send(start());
    expect(await next.next()).to.deep.include({ type: 'data' });
  });

  it('counts the streams of each token apart', async () => {
    for (const tokens of [{ in: 'url' }, { in: 'params' }, { in: 'header' }] as const) {
      const server = await serve({ maxStreams: 1, tokens, handle });
      const open = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        const client = await dial(`${server.url}?token=${token}`, current, { headers });
        client.send({ type: 'connection_init', payload: { token } });
        await client.next();
        client.send(subscribe);
      };
      await open('a');
      await server.ledger.until('started');
      await open('b');
      await server.ledger.until('started', undefined, 2);
      await open('a');
      expect((await server.ledger.until('capped')).connection).to.equal(3);
    }
  });
});
