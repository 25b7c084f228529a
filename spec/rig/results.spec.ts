import { expect } from 'chai';
import { describe, it } from 'mocha';
import { finalize, Subject } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import { useRigServer } from '../helpers/use-server.js';
import { protocols } from '../helpers/wire.js';
import { connect } from '../testing/server/raw-client.js';
import type { RigServer } from './rig-server.js';

interface Play {
  readonly server: RigServer;
  readonly start: (id: string) => Promise<unknown>;
}

/** What is done to operations 1 and 2, to which then a result goes, and the messages for them in short. */
const rows: readonly (readonly [
  title: string,
  act: (play: Play) => unknown,
  heard: readonly (readonly [string, unknown])[],
])[] = [
  [
    'neverStart() answers new operations with nothing, until startOperations()',
    async ({ server, start }) => {
      server.neverStart();
      await start('3');
      server.startOperations();
      await start('4');
    },
    [
      ['1', 7],
      ['2', 7],
      ['4', 7],
    ],
  ],
  [
    'complete() and fail() end the operations that match',
    ({ server }) => {
      server.complete('Op1');
      server.fail('2');
    },
    [
      ['1', 'complete'],
      ['2', 'error'],
    ],
  ],
  [
    'late() sends the last result after the end',
    ({ server }) => {
      server.late('1');
      server.complete('1');
    },
    [
      ['1', 'complete'],
      ['2', 7],
      ['1', null],
    ],
  ],
];

interface Heard {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data: unknown };
}

describe('rigServer result faults', () => {
  const serve = useRigServer();

  for (const { subprotocol, subscribe } of protocols)
    for (const [title, act, expected] of rows)
      it(`${title}, over ${subprotocol}`, async () => {
        const results$ = new Subject<ExecutionResult>();
        let finalized = 0;
        const server = await serve({ handle: () => results$.pipe(finalize(() => ++finalized)) });
        const client = await connect(server.url, subprotocol);
        const start = (id: string) => {
          const count = server.ledger.counts.started + 1;
          client.send(subscribe(id, { query: 'subscription { n }', operationName: `Op${id}` }));
          return server.ledger.until('started', undefined, count);
        };
        await start('1');
        await start('2');
        await act({ server, start });
        results$.next({ data: 7 });
        await new Promise(setImmediate);
        server.peers[0]!.send({ type: 'sync' });
        while ((await client.next()).type !== 'sync');
        const heard = (client.heard as Heard[])
          .filter(({ id }) => id !== undefined)
          .map(({ id, type, payload }) => [
            id,
            ['next', 'data'].includes(type) ? payload!.data : type,
          ]);
        expect(heard).to.have.deep.members(expected);
        const ended = expected.filter(([, what]) => typeof what === 'string');
        expect(finalized).to.equal(ended.length);
      });
});
