import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, filter, lastValueFrom, timer } from 'rxjs';
import { toGraphQLWsClient, type GraphQLWsRequest } from 'rx-graphql-ws/graphql-ws';
import { bench } from '../helpers/bench.js';
import { accepts, type Script } from '../helpers/scripted.js';
import { advance, test } from '../helpers/test.js';
import { complete, current, failure, protocols } from '../helpers/wire.js';
import { recordingSink } from './sink.js';

const query = 'subscription { a }';

/** A client of graphql-ws on a socket object before a scripted server, and one operation of it. */
function running(payload: GraphQLWsRequest = { query }, ...scripts: Script[]) {
  const given = bench({}, ...scripts);
  const client = toGraphQLWsClient(given.socket);
  const { sink, ...recorded } = recordingSink();
  const leave = client.subscribe(payload, sink);
  advance(2);
  return { ...given, ...recorded, client, leave };
}
const sent = ({ messages }: ReturnType<typeof running>) =>
  messages().filter(({ type }) => type !== 'connection_init');

describe('a client of graphql-ws subscribes', () => {
  for (const wire of protocols)
    test(`to results, and to their end, on ${wire.subprotocol}`, () => {
      const { at, calls } = running({ query }, accepts(wire.subprotocol));
      const partial = { data: { a: null }, errors: [{ message: 'half' }], extensions: { cost: 1 } };
      at(0).send(wire.next('1', { data: { a: 1 } }), wire.next('1', partial), complete('1'));
      expect(calls).to.deep.equal([['next', { data: { a: 1 } }], ['next', partial], ['complete']]);
      advance(10);
    });

  for (const wire of protocols)
    test(`and gets the errors of an error message as an array, on ${wire.subprotocol}`, () => {
      const { at, calls } = running({ query }, accepts(wire.subprotocol));
      at(0).send(failure('1', 'no such field', 'nor that'));
      advance(10);
      expect(calls).to.deep.equal([
        ['error', [{ message: 'no such field' }, { message: 'nor that' }]],
      ]);
    });

  test('and gets a final close as an Error with what a close event has', () => {
    const { at, calls } = running();
    at(0).close(4429, 'enough');
    advance(10);
    const [[name, error]] = calls as [[string, Error]];
    expect(name).to.equal('error');
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({
      name: 'ConnectionClosedError',
      code: 4429,
      reason: 'enough',
      wasClean: true,
    });
    expect(calls).to.have.length(1);
  });

  test('and gets a request that is wrong as an Error that names the field', () => {
    const { calls } = running({} as GraphQLWsRequest);
    expect(calls).to.have.nested.property('[0][1].name', 'ConfigurationError');
    expect(calls).to.have.nested.property('[0][1].option', 'query');
  });

  test('with fields that are null or undefined, which are not sent', () => {
    const operation = running({
      query,
      operationName: null,
      variables: null,
      extensions: undefined,
    });
    expect(sent(operation)).to.deep.equal([current.subscribe('1', { query })]);
  });

  test('with a field that is unknown and undefined, as urql has it', () => {
    const payload = { query, documentId: undefined };
    expect(sent(running(payload))).to.deep.equal([current.subscribe('1', { query })]);
  });

  test('with all that graphql-ws sends', () => {
    const payload = {
      query: 'subscription A($b: Int) { a(b: $b) }',
      operationName: 'A',
      variables: { b: 1 },
      extensions: { persistedQuery: { version: 1 } },
    };
    expect(sent(running(payload))).to.deep.equal([current.subscribe('1', payload)]);
  });

  test('and hears nothing of a connection that is lost, because the operation is sent again', () => {
    const operation = running();
    operation.at(0).send(current.next('1', { data: { a: 1 } }));
    operation.at(0).close(1012, 'restart');
    advance(20);
    operation.at(1).send(current.next('2', { data: { a: 2 } }));
    expect(operation.results()).to.deep.equal([{ data: { a: 1 } }, { data: { a: 2 } }]);
    expect(operation.end()).to.equal(undefined);
    expect(sent(operation).map(({ id }) => id)).to.deep.equal(['1', '2']);
  });

  test('to a mutation, which is not sent twice', () => {
    const operation = running({ query: 'mutation { a }' });
    operation.at(0).close(1006);
    advance(20);
    expect(operation.end()?.[1]).to.include({ name: 'ConnectionLostError' });
    expect(sent(operation)).to.have.length(1);
  });

  it('and leaves: the server is told, and the sink is completed once, after the call', async () => {
    const { socket, messages, at } = bench();
    const client = toGraphQLWsClient(socket);
    const other = recordingSink();
    client.subscribe({ query }, other.sink);
    const { sink, calls, results } = recordingSink();
    const leave = client.subscribe({ query }, sink);
    await connected(socket);
    at(0).send(current.next('2', { data: { a: 1 } }));
    leave();
    leave();
    at(0).send(current.next('2', { data: { a: 2 } }));
    expect(calls.map(([name]) => name)).to.deep.equal(['next']);
    await Promise.resolve();
    expect(calls.map(([name]) => name)).to.deep.equal(['next', 'complete']);
    leave();
    await Promise.resolve();
    expect(calls).to.have.length(2);
    expect(results()).to.deep.equal([{ data: { a: 1 } }]);
    expect(messages().slice(1)).to.deep.equal([
      current.subscribe('1', { query }),
      current.subscribe('2', { query }),
      complete('2'),
    ]);
    expect(other.calls).to.deep.equal([]);
    expect(at(0).readyState).to.equal(1);
    socket.close();
  });

  it('and leaves what is over: nothing happens', async () => {
    const { socket, messages, at } = bench();
    const { sink, calls } = recordingSink();
    const leave = toGraphQLWsClient(socket).subscribe({ query }, sink);
    await connected(socket);
    at(0).send(failure('1', 'refused'));
    leave();
    await Promise.resolve();
    expect(calls).to.deep.equal([['error', [{ message: 'refused' }]]]);
    expect(messages().map(({ type }) => type)).to.deep.equal(['connection_init', 'subscribe']);
    socket.close();
  });
});

describe('a client of graphql-ws', () => {
  it('iterates, and drops what was not asked for when the iterator is left', async () => {
    const { socket, at, messages } = bench();
    const iterator = toGraphQLWsClient(socket).iterate({ query });
    await connected(socket);
    at(0).send(current.next('1', { data: { a: 1 } }), current.next('1', { data: { a: 2 } }));
    await iterator.next();
    await iterator.return?.();
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined });
    expect(messages().at(-1)).to.deep.equal(complete('1'));
    socket.close();
  });

  test('dials for its first operation', () => {
    const { socket, peers } = bench();
    const client = toGraphQLWsClient(socket);
    expect(peers).to.have.length(0);
    client.subscribe({ query }, recordingSink().sink);
    expect(peers).to.have.length(1);
    advance(10);
  });

  it('disposes of the socket object: streams complete, and the promise waits for the close', async () => {
    const { socket, live } = bench();
    const client = toGraphQLWsClient(socket);
    const stream = recordingSink();
    client.subscribe({ query }, stream.sink);
    await connected(socket);
    expect(live()).to.have.length(1);
    await client.dispose();
    expect(stream.calls).to.deep.equal([['complete']]);
    expect(live()).to.have.length(0);
    expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
    const late = recordingSink();
    client.subscribe({ query }, late.sink);
    await firstValueFrom(timer(5));
    expect(late.end()?.[1]).to.include({ name: 'SocketDisposedError' });
  });

  it('iterates until `throw`, also while no result is waited for: the next call fails with the error', async () => {
    const { socket, messages } = bench();
    const iterator = toGraphQLWsClient(socket).iterate({ query });
    await connected(socket);
    const error = new Error('given');
    await iterator.throw?.(error);
    expect(messages().at(-1)).to.deep.equal(complete('1'));
    expect(await iterator.next().catch((thrown: unknown) => thrown)).to.equal(error);
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined });
    socket.close();
  });

  test('terminates by a reconnect with 4499', () => {
    const { socket } = bench();
    const asked: unknown[] = [];
    const client = toGraphQLWsClient({
      ...socket,
      reconnect: (...given: unknown[]) => void asked.push(given),
    } as typeof socket);
    client.terminate();
    expect(asked).to.deep.equal([[{ code: 4499, reason: 'Terminated' }]]);
  });

  for (const wrong of [undefined, null, 5, { url: 'wss://example.org' }])
    test(`is not made of ${JSON.stringify(wrong)}`, () => {
      expect(() => toGraphQLWsClient(wrong as never))
        .to.throw('expected `socket` to be the result of graphqlSocket()')
        .that.includes({ name: 'ConfigurationError', option: 'socket' });
    });
});

function connected(socket: ReturnType<typeof bench>['socket']) {
  return firstValueFrom(socket.status$.pipe(filter(({ state }) => state === 'connected')));
}
