import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, finalize, map, NEVER, of, Subject, tap } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { connect, current, legacy, type RawClient } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

const query = 'subscription { number }';
const soon = () => new Promise((resolve) => setTimeout(resolve, 10));

/** What a client heard of its operations, in short. */
const told = ({ heard }: RawClient) =>
  (heard as { type: string; id?: string; payload?: ExecutionResult }[])
    .filter(({ id }) => id !== undefined)
    .map(({ id, type, payload }) =>
      type === 'next' || type === 'data' ? [id, payload!.data] : [id, type],
    );

describe('graphqlTestServer result faults', () => {
  const serve = useServer();

  /** A server with a client and live operations, fed by hand: each value goes to all of them. */
  async function play(
    ids: readonly string[] = ['1'],
    options: GraphQLTestServerOptions = {},
    subprotocol = current,
  ) {
    const results$ = new Subject<ExecutionResult>();
    const server = await serve({ handle: () => results$, ...options });
    const client = await connect(server.url, subprotocol);
    const subscribe = subprotocol === current ? 'subscribe' : 'start';
    for (const id of ids)
      client.send({ type: subscribe, id, payload: { query, operationName: `Op${id}` } });
    await server.ledger.until('started', undefined, ids.length);
    return {
      server,
      client,
      results$,
      next: (...numbers: readonly number[]) => {
        for (const data of numbers) results$.next({ data });
      },
      /** Everything that was sent so far has come when this has. */
      heard: async () => {
        server.peers[0]!.send({ type: 'sync' });
        while ((await client.next()).type !== 'sync');
        return told(client);
      },
    };
  }

  const live = ({ ledger }: GraphQLTestServer) => ledger.operations.map(({ id }) => id);

  it('zombie() lets an operation fall silent, which stays live while heartbeats go on', async () => {
    const { server, client, next, results$ } = await play(['1', '2'], { keepAlive: 5 });
    next(1);
    server.zombie('1');
    next(2);
    results$.complete();
    await soon();
    client.send({ type: 'ping' });
    while ((await client.next()).type !== 'pong');
    expect(told(client)).to.deep.equal([
      ['1', 1],
      ['2', 1],
      ['2', 2],
      ['2', 'complete'],
    ]);
    expect(client.heard).to.deep.include({ type: 'ping' });
    expect(live(server)).to.deep.equal(['1']);
    client.send({ type: 'complete', id: '1' });
    await server.ledger.until('ended', ({ id }) => id === '1');
  });

  it('zombie() leaves the handler at work, until the operation ends', async () => {
    const seen: unknown[] = [];
    const source$ = new Subject<ExecutionResult>();
    const handle = () =>
      source$.pipe(
        tap(({ data }) => seen.push(data)),
        finalize(() => seen.push('finalized')),
      );
    const { server, heard } = await play(['1'], { handle });
    server.zombie();
    source$.next({ data: 1 });
    expect(seen).to.deep.equal([1]);
    server.complete();
    expect(seen).to.deep.equal([1, 'finalized']);
    expect(await heard()).to.deep.equal([['1', 'complete']]);
  });

  for (const end of ['complete', 'error'] as const)
    it(`zombie() hides the handler's ${end}`, async () => {
      const { server, results$, heard } = await play();
      server.zombie();
      results$[end](new Error('hidden'));
      expect(live(server)).to.deep.equal(['1']);
      server.fail('1', [{ message: 'told' }]);
      expect(await heard()).to.deep.equal([['1', 'error']]);
      expect(live(server)).to.deep.equal([]);
    });

  it('neverStart() answers new operations with nothing, until startOperations()', async () => {
    const asked: string[] = [];
    const shared$ = new Subject<ExecutionResult>();
    const handle = ({ id }: { id: string }) => {
      asked.push(id);
      return shared$;
    };
    const { server, client, heard } = await play(['1'], { handle });
    const next = (data: number) => {
      shared$.next({ data });
    };
    server.neverStart();
    client.send({ type: 'subscribe', id: '2', payload: { query } });
    await server.ledger.until('started', undefined, 2);
    next(1);
    server.startOperations();
    client.send({ type: 'subscribe', id: '3', payload: { query } });
    await server.ledger.until('started', undefined, 3);
    next(2);
    expect(await heard()).to.deep.equal([
      ['1', 1],
      ['1', 2],
      ['3', 2],
    ]);
    expect(live(server)).to.deep.equal(['1', '2', '3']);
    expect(asked).to.deep.equal(['1', '3']);
  });

  for (const subprotocol of [current, legacy]) {
    it(`complete() completes out of the blue, over ${subprotocol}`, async () => {
      const { server, next, heard, results$ } = await play(['1', '2'], {}, subprotocol);
      server.complete('Op1');
      next(1);
      expect(await heard()).to.deep.equal([
        ['1', 'complete'],
        ['2', 1],
      ]);
      server.complete();
      expect(live(server)).to.deep.equal([]);
      expect(results$.observed).to.equal(false);
    });

    it(`fail() fails, over ${subprotocol}`, async () => {
      const { server, client, next, heard } = await play(['1', '2', '3'], {}, subprotocol);
      server.fail(({ connection, id }) => connection === 1 && id === '2');
      server.fail(({ request }) => request.operationName === 'Op3', [{ message: 'quota' }]);
      next(1);
      expect(await heard()).to.deep.equal([
        ['2', 'error'],
        ['3', 'error'],
        ['1', 1],
      ]);
      const payload = (message: string) => (subprotocol === current ? [{ message }] : { message });
      expect(client.heard).to.deep.include.members([
        { id: '2', type: 'error', payload: payload('internal server error') },
        { id: '3', type: 'error', payload: payload('quota') },
      ]);
      expect(live(server)).to.deep.equal(['1']);
    });
  }

  it('complete() and fail() end a zombie, and operations that never started', async () => {
    const { server, client, heard } = await play();
    server.neverStart();
    client.send({ type: 'subscribe', id: '2', payload: { query } });
    await server.ledger.until('started', undefined, 2);
    server.zombie('1');
    server.complete('1');
    server.fail('2');
    expect(await heard()).to.deep.equal([
      ['1', 'complete'],
      ['2', 'error'],
    ]);
  });

  it('duplicate() repeats the next result of each operation', async () => {
    const { server, next, heard } = await play(['1', '2']);
    server.duplicate();
    server.duplicate(2, '2');
    next(1, 2);
    expect(await heard()).to.deep.equal([
      ...[1, 1].map((n) => ['1', n]),
      // Each of the two copies, the second time round.
      ...[1, 1, 1, 1].map((n) => ['2', n]),
      ['1', 2],
      ['2', 2],
    ]);
  });

  it('reorder() swaps the next two results', async () => {
    const { server, next, heard } = await play();
    next(1);
    server.reorder();
    next(2, 3, 4);
    expect(await heard()).to.deep.equal([1, 3, 2, 4].map((n) => ['1', n]));
  });

  it('reorder() keeps nothing back from an operation that ends', async () => {
    const ended = async (
      end: (server: GraphQLTestServer, source$: Subject<ExecutionResult>) => void,
    ) => {
      const { server, results$, next, heard } = await play();
      server.reorder();
      next(1);
      end(server, results$);
      return heard();
    };
    expect(await ended((_, source$) => source$.complete())).to.deep.equal([
      ['1', 1],
      ['1', 'complete'],
    ]);
    expect(await ended((_, source$) => source$.error(new Error('x')))).to.deep.equal([
      ['1', 1],
      ['1', 'error'],
    ]);
    expect(await ended((server) => server.complete())).to.deep.equal([
      ['1', 1],
      ['1', 'complete'],
    ]);
  });

  it('omit() loses the next results', async () => {
    const { server, next, heard } = await play(['1', '2']);
    server.omit();
    server.omit(2, '2');
    next(1, 2, 3, 4);
    expect(await heard()).to.deep.equal([
      ['1', 2],
      ['1', 3],
      ['1', 4],
      ['2', 4],
    ]);
  });

  it('faults of one operation work one after the other, as they were called', async () => {
    const { server, next, heard } = await play();
    server.omit();
    server.duplicate();
    server.reorder();
    next(1, 2, 3);
    expect(await heard()).to.deep.equal([2, 2, 3].map((n) => ['1', n]));
    server.reorder();
    server.duplicate();
    next(4, 5, 6);
    expect(await heard()).to.deep.equal([2, 2, 3, 5, 5, 4, 6].map((n) => ['1', n]));
  });

  it('truncate() cuts the lists of the next result, and leaves the rest of it', async () => {
    const { server, results$, heard } = await play();
    server.truncate(2);
    results$.next({ data: { rows: [1, 2, 3], others: [1], name: 'x' }, extensions: { a: 1 } });
    results$.next({ data: { rows: [1, 2, 3] } });
    server.truncate(0);
    results$.next({ data: null });
    expect(await heard()).to.deep.equal([
      ['1', { rows: [1, 2], others: [1], name: 'x' }],
      ['1', { rows: [1, 2, 3] }],
      ['1', null],
    ]);
  });

  it('oversize() pads the next result to a size', async () => {
    const { server, client, results$, next, heard } = await play();
    server.oversize();
    next(1);
    server.oversize(100);
    results$.next({ data: 'é', extensions: { a: 1 } });
    server.oversize(1);
    next(2, 3);
    await heard();
    const payloads = (client.heard as { payload?: ExecutionResult }[]).flatMap(
      ({ payload }) => payload ?? [],
    );
    expect(payloads.map((payload) => Buffer.byteLength(JSON.stringify(payload)))).to.deep.equal([
      1_200_000,
      100,
      '{"data":2,"extensions":{"padding":""}}'.length,
      '{"data":3}'.length,
    ]);
    expect(payloads[1]).to.deep.include({ data: 'é' });
    expect(payloads[1]!.extensions).to.include({ a: 1 });
  });

  describe('late() lets the last result come once more', () => {
    it('after the client has ended the operation', async () => {
      for (const subprotocol of [current, legacy]) {
        const { server, client, next, heard } = await play(['1', '2'], {}, subprotocol);
        server.late('1');
        next(1, 2);
        for (const id of ['1', '2'])
          client.send({ type: subprotocol === current ? 'complete' : 'stop', id });
        await server.ledger.until('ended', undefined, 2);
        await soon();
        const stopped = subprotocol === legacy ? ['complete'] : [];
        expect((await heard()).filter(([id]) => id === '1')).to.deep.equal(
          [1, 2, ...stopped, 2].map((what) => ['1', what]),
        );
        expect((await heard()).filter(([id]) => id === '2')).to.deep.equal(
          [1, 2, ...stopped].map((what) => ['2', what]),
        );
      }
    });

    it('after it has completed or failed, an empty one if there was none', async () => {
      const { server, next, heard } = await play(['1', '2', '3']);
      server.late();
      server.complete('3');
      await soon();
      next(1);
      server.complete('1');
      server.fail('2');
      await soon();
      expect(await heard()).to.deep.equal([
        ['3', 'complete'],
        ['3', null],
        ['1', 1],
        ['2', 1],
        ['1', 'complete'],
        ['2', 'error'],
        ['1', 1],
        ['2', 1],
      ]);
    });

    it('but not one that no frame can hold', async () => {
      const { server, results$, next, client, heard } = await play();
      server.late();
      next(1);
      results$.next({ data: 1n });
      await soon();
      expect(await heard()).to.deep.equal([
        ['1', 1],
        ['1', 'error'],
        ['1', 1],
      ]);
      expect(client.heard[2]).to.have.nested.property(
        'payload[0].message',
        'Do not know how to serialize a BigInt',
      );
    });

    it('and does no harm where the socket is gone', async () => {
      const { server, next, client } = await play();
      server.late();
      next(1);
      server.drop();
      await client.closed;
      await server.ledger.until('ended');
      await server.stop();
    });
  });

  it('does nothing to the operations that start later, or when there are none', async () => {
    const server = await serve({ handle: () => concat(of({ data: 1 }), NEVER) });
    server.zombie();
    server.omit();
    server.complete('x');
    const client = await connect(server.url);
    client.send({ type: 'subscribe', id: 'x', payload: { query } });
    expect(await client.next()).to.deep.include({ id: 'x', type: 'next' });
  });

  it('knows an operation by its name in the document, where none was sent', async () => {
    const server = await serve({ handle: () => NEVER });
    const client = await connect(server.url);
    const named = 'query Other { b } subscription Trades { a }';
    const send = (id: string, payload: object) => {
      client.send({ type: 'subscribe', id, payload });
    };
    send('1', { query: 'subscription Trades { a }' });
    send('2', { query: named, operationName: 'Trades' });
    send('3', { query: named, operationName: 'Other' });
    send('4', { query });
    await server.ledger.until('started', undefined, 4);
    server.complete('Trades');
    await server.ledger.until('ended', undefined, 2);
    expect(live(server)).to.deep.equal(['3', '4']);
  });

  it('asks a predicate about the operations that are live', async () => {
    const { server, client } = await play(['1', '2', '3']);
    client.send({ type: 'complete', id: '2' });
    await server.ledger.until('ended');
    const asked: unknown[] = [];
    server.zombie((operation) => {
      asked.push(operation);
      return false;
    });
    expect(asked).to.deep.equal(server.ledger.operations);
    expect(asked).to.have.length(2);
  });

  it('can be called by a handler while it answers', async () => {
    const server = await serve({
      handle: () => {
        server.omit();
        return of(1, 2, 3, 4).pipe(
          tap((n) => {
            if (n === 3) server.complete();
          }),
          map((data) => ({ data })),
        );
      },
    });
    const client = await connect(server.url);
    client.send({ type: 'subscribe', id: '1', payload: { query } });
    expect([await client.next(), await client.next()]).to.deep.equal([
      { id: '1', type: 'next', payload: { data: 2 } },
      { id: '1', type: 'complete' },
    ]);
    await soon();
    expect(told(client)).to.have.length(2);
  });

  it('fail() tells of errors that no frame can hold', async () => {
    const { server, client, heard } = await play();
    const odd = {
      get message(): string {
        throw new Error('odd');
      },
    };
    server.fail('1', [{ message: 'quota', extensions: { big: 1n } }, odd]);
    await heard();
    const expected =
      'quota (and more that JSON cannot hold: TypeError: Do not know how to serialize a BigInt)';
    expect(client.heard[1]).to.deep.equal({
      id: '1',
      type: 'error',
      payload: [
        { message: expected },
        { message: 'an error (and more that JSON cannot hold: Error: odd)' },
      ],
    });
  });

  it('explains misuse', async () => {
    const server = await serve();
    expect(() => server.duplicate(0)).to.throw(
      TypeError,
      'expected `times` to be a whole number ≥ 1 and ≤ 100000, got 0 (number)',
    );
    expect(() => server.omit(1.5)).to.throw(TypeError, '`count` to be a whole number ≥ 1');
    expect(() => server.truncate(-1)).to.throw(TypeError, '`limit` to be a whole number ≥ 0');
    expect(() => server.oversize(NaN)).to.throw(TypeError, '`bytes` to be a whole number ≥ 0');
    // What would end the process.
    expect(() => server.duplicate(1e9)).to.throw(
      TypeError,
      'expected `times` to be a whole number ≥ 1 and ≤ 100000, got 1000000000 (number)',
    );
    expect(() => server.oversize(2 ** 28 + 1)).to.throw(TypeError, '≥ 0 and ≤ 268435456, got');
  });
});
