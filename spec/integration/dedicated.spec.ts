import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BehaviorSubject, concat, NEVER, of, retry, switchMap, take, tap, timeout } from 'rxjs';
import { isGap, recover } from 'rx-graphql-ws/recovery';
import { dedicated } from '../../lib/dedicated.js';
import { eventually } from '../helpers/eventually.js';
import { record } from '../helpers/recording.js';
import { useServer } from '../helpers/use-server.js';

const query = 'subscription { a }';

describe('dedicated sockets before a server that ignores the end of an operation', () => {
  const serve = useServer();

  for (const subprotocol of ['graphql-ws', 'graphql-transport-ws'])
    it(`leave one stream alive under switchMap, and none at the end, over ${subprotocol}`, async function () {
      this.timeout(15_000);
      const server = await serve({
        subprotocols: [subprotocol],
        ignoreStop: true,
        handle: () => concat(of({ data: { a: 1 } }), NEVER),
      });
      const streams = dedicated({ url: server.url });
      let most = 0;
      // the next operation, as soon as one has its value
      const turn$ = new BehaviorSubject<unknown>(undefined);
      const seen = record(
        turn$.pipe(
          take(10),
          switchMap(() => streams.subscribe$(query)),
          tap(() => {
            most = Math.max(most, server.ledger.billed.length);
            setTimeout(() => turn$.next(undefined), 5);
          }),
        ),
      );
      await eventually(() => expect(seen.values).to.have.lengthOf(10), 12_000);
      expect(most).to.be.at.most(2);
      await eventually(() => expect(server.ledger.billed).to.have.lengthOf(1));
      streams.close();
      await eventually(() => expect(server.ledger.billed).to.deep.equal([]));
    });

  it('start an operation again on a new socket when it is dead behind a live connection, and lose nothing', async function () {
    this.timeout(15_000);
    let operations = 0;
    const server = await serve({
      subprotocols: ['graphql-ws'],
      keepAlive: 20,
      ignoreStop: true,
      handle: ({ variables }) => {
        operations += 1;
        const from = Number(variables.after ?? 0) + 1;
        // falls silent behind its third row, while `ka` goes on
        return concat(...[0, 1, 2].map((n) => of({ data: { a: from + n } })), NEVER);
      },
    });
    const streams = dedicated({ url: server.url });
    const each = 120;
    const seen = record(
      recover(
        {
          subscribe$: (request, options) =>
            streams.subscribe$(request, options).pipe(timeout({ each }), retry({ delay: 5 })),
        },
        { query: 'subscription ($after: Int) { a(after: $after) }' },
        { resume: ({ a }: { a: number }) => ({ after: a }) },
      ).pipe(take(9)),
    );
    await eventually(() => expect(seen.outcome).to.equal('completed'), 12_000);
    expect(seen.values.filter(isGap)).to.deep.equal([]);
    expect(seen.values).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9].map((a) => ({ a })));
    expect(operations).to.equal(3);
    await eventually(() => expect(server.ledger.billed).to.deep.equal([]));
  });
});
