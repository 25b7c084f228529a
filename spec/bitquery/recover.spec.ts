import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { backfillByBlock, bitquery } from 'rx-graphql-ws/bitquery';
import { type Gap, isGap, recover } from 'rx-graphql-ws/recovery';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

interface Row {
  readonly number: number;
  readonly Block: { readonly Number: string };
}

const rowsOfBlock = 4;
const row = (number: number): Row => ({
  number,
  Block: { Number: String(Math.floor(number / rowsOfBlock)) },
});

describe('recover with backfillByBlock', function () {
  this.timeout(20_000);
  const serve = useServer();
  const connect = useSocket();
  useCalm();

  it('loses and repeats nothing over losses, a restart, pages and 429', async () => {
    const server = await serve({
      feed: { every: 5, field: 'trades', perMessage: rowsOfBlock, row },
      backfill: { latency: [5, 40], maxRows: 25 },
      subprotocols: ['graphql-ws'],
      tokens: true,
      ignoreStop: true,
    });
    const access = { token: 'abc', url: server.url };
    const socket = connect(bitquery({ ...access, retry: { delay: 30 } }));
    const rows = ({ trades }: { readonly trades: readonly Row[] }) => trades;
    const got: Row[] = [];
    const gaps: Gap[] = [];
    const subscription = recover(socket, 'subscription { trades { number } }', {
      rows,
      key: ({ number }) => number,
      backfill: backfillByBlock({
        ...access,
        rows,
        query: '{ trades { number } }',
        block: ({ Block }) => Block.Number,
        variables: ({ fromBlock, toBlock = Infinity }) => ({
          from: fromBlock * rowsOfBlock,
          ...(toBlock < Infinity && { to: (toBlock + 1) * rowsOfBlock - 1 }),
        }),
      }),
    }).subscribe((item) => {
      if (isGap(item)) gaps.push(item);
      else got.push(item);
    });
    await eventually(() => expect(got).to.have.length.at.least(10), 5_000);
    server.drop();
    await delay(700);
    await server.restart(300);
    await delay(400);
    server.throttle(1, 1);
    server.drop();
    await delay(700);
    const latest = got.at(-1)!.number;
    await eventually(() => expect(got.at(-1)!.number).to.be.above(latest + 100), 8_000);
    subscription.unsubscribe();
    const { missing, duplicate, outOfOrder } = server.truth.compare(got);
    expect({ gaps, missing, duplicate, outOfOrder }).to.deep.equal({
      gaps: [],
      missing: [],
      duplicate: [],
      outOfOrder: [],
    });
  });
});
