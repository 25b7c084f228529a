import { expect } from 'chai';
import { describe, it } from 'mocha';
import { finalize, Subject } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import { useRigServer } from '../helpers/use-server.js';
import { connect, current, legacy } from '../testing/server/raw-client.js';
import type { RigServer } from './rig-server.js';

const query = 'subscription { number }';

describe('rigServer result faults', () => {
  const serve = useRigServer();

  /** A server with a client and live operations. Each value goes to all operations. */
  async function play(ids: readonly string[] = ['1'], subprotocol = current) {
    const results$ = new Subject<ExecutionResult>();
    let finalized = 0;
    const server = await serve({ handle: () => results$.pipe(finalize(() => ++finalized)) });
    const client = await connect(server.url, subprotocol);
    const type = subprotocol === current ? 'subscribe' : 'start';
    const start = async (id: string) => {
      const count = server.ledger.counts.started + 1;
      client.send({ type, id, payload: { query, operationName: `Op${id}` } });
      await server.ledger.until('started', undefined, count);
    };
    for (const id of ids) await start(id);
    return {
      ...{ server, client, results$, start },
      finalized: () => finalized,
      next: (...numbers: readonly number[]) => {
        for (const data of numbers) results$.next({ data });
      },
      /** The messages so far, in short. */
      heard: async () => {
        await new Promise(setImmediate);
        server.peers[0]!.send({ type: 'sync' });
        while ((await client.next()).type !== 'sync');
        return (client.heard as { type: string; id?: string; payload?: ExecutionResult }[])
          .filter(({ id }) => id !== undefined)
          .map(({ id, type, payload }) =>
            ['next', 'data'].includes(type) ? [id, payload!.data] : [id, type],
          );
      },
    };
  }

  it('zombie() hides the results and the end, while the handler goes on', async () => {
    const { server, next, heard, results$, finalized } = await play(['1', '2']);
    server.zombie('1');
    next(1);
    results$.complete();
    expect(await heard()).to.deep.equal([
      ['2', 1],
      ['2', 'complete'],
    ]);
    expect(server.ledger.operations.map(({ id }) => id)).to.deep.equal(['1']);
    server.fail('1');
    expect((await heard()).at(-1)).to.deep.equal(['1', 'error']);
    expect(finalized()).to.equal(2);
  });

  it('neverStart() answers new operations with nothing, until startOperations()', async () => {
    const { server, next, heard, start, finalized } = await play(['1']);
    server.neverStart();
    await start('2');
    server.startOperations();
    await start('3');
    next(1);
    expect(await heard()).to.deep.equal([
      ['1', 1],
      ['3', 1],
    ]);
    server.complete('2');
    expect((await heard()).at(-1)).to.deep.equal(['2', 'complete']);
    expect(finalized()).to.equal(0);
  });

  for (const subprotocol of [current, legacy])
    it(`complete() and fail() end the operations that match, over ${subprotocol}`, async () => {
      const { server, client, next, heard, finalized } = await play(['1', '2', '3'], subprotocol);
      server.complete('Op1');
      server.fail(({ connection, id }) => connection === 1 && id === '2', [{ message: 'quota' }]);
      next(1);
      expect(await heard()).to.deep.equal([
        ['1', 'complete'],
        ['2', 'error'],
        ['3', 1],
      ]);
      const error = { message: 'quota' };
      const payload = subprotocol === current ? [error] : error;
      expect(client.heard).to.deep.include({ id: '2', type: 'error', payload });
      expect(finalized()).to.equal(2);
    });

  const distortions: Readonly<Record<string, readonly [(server: RigServer) => void, number[]]>> = {
    'duplicate(2)': [(server) => server.duplicate(2), [1, 1, 1, 2, 3, 4]],
    'reorder()': [(server) => server.reorder(), [2, 1, 3, 4]],
    'omit(2)': [(server) => server.omit(2), [3, 4]],
    'omit(), then duplicate()': [
      (server) => {
        server.omit();
        server.duplicate();
      },
      [2, 2, 3, 4],
    ],
  };
  for (const [name, [distort, expected]] of Object.entries(distortions))
    it(`${name} changes the next results of the operations that match`, async () => {
      const { server, next, heard } = await play();
      distort(server);
      next(1, 2, 3, 4);
      expect(await heard()).to.deep.equal(expected.map((n) => ['1', n]));
    });

  for (const end of ['complete', 'error'] as const)
    it(`reorder() sends the result that it holds before ${end}`, async () => {
      const { server, results$, next, heard } = await play();
      server.reorder();
      next(1);
      results$[end](new Error('x'));
      expect(await heard()).to.deep.equal([
        ['1', 1],
        ['1', end],
      ]);
    });

  it('truncate() shortens lists, oversize() pads', async () => {
    const { server, results$, client, heard } = await play();
    server.truncate(1);
    results$.next({ data: { rows: [1, 2], name: 'x' } });
    server.oversize(100);
    results$.next({ data: 'é', extensions: { a: 1 } });
    expect(await heard()).to.deep.equal([
      ['1', { rows: [1], name: 'x' }],
      ['1', 'é'],
    ]);
    const { payload } = client.heard[2] as { payload: ExecutionResult };
    expect(Buffer.byteLength(JSON.stringify(payload))).to.equal(100);
    expect(payload.extensions).to.include({ a: 1 });
  });

  for (const subprotocol of [current, legacy])
    it(`late() sends the last result after the end, over ${subprotocol}`, async () => {
      const { server, next, heard } = await play(['1', '2'], subprotocol);
      server.late();
      server.complete('1');
      next(7);
      server.complete('2');
      expect(await heard()).to.deep.equal([
        ['1', 'complete'],
        ['2', 7],
        ['2', 'complete'],
        ['1', null],
        ['2', 7],
      ]);
    });
});
