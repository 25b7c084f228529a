import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Gap, isGap, recover, type RecoverOptions } from 'rx-graphql-ws/recovery';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

interface Row {
  readonly number: number;
  readonly at: number;
}
interface Data {
  readonly rows: readonly Row[];
}
interface Cursor {
  readonly after?: number;
  readonly since?: number;
}
type Options = RecoverOptions<Data, Cursor, Row>;

const key = ({ number }: Row) => number;
const after = ({ number }: Row): Cursor => ({ after: number });
const row = (number: number, _random: unknown, at: number): Row => ({ number, at });

/** Asks the history for what is missing. */
const history =
  ({ httpUrl }: GraphQLTestServer): Options['backfill'] =>
  ({ last, first }) =>
    last && ask(httpUrl, { after: last.number, to: first?.number });

async function ask(url: string, variables: object): Promise<Data> {
  const body = JSON.stringify({ query: '{ rows { number at } }', variables });
  const response = await fetch(url, { method: 'POST', body });
  return ((await response.json()) as { data: Data }).data;
}

for (const protocol of ['graphql-transport-ws', 'graphql-ws'])
  describe(`recover, on the feed of graphqlTestServer, over ${protocol},`, function () {
    this.timeout(10_000);
    this.slow(4_000);
    const serve = useServer();
    const connect = useSocket();
    useCalm();

    /** Follows a feed over losses of 100 ms each, in which it goes on with 20 rows. Tells what was wrong with what came. */
    async function follow(
      { feed, ...given }: Partial<GraphQLTestServerOptions>,
      options: (server: GraphQLTestServer) => Options,
      losses = 2,
    ) {
      const server = await serve({
        feed: { every: 5, row, ...feed },
        subprotocols: [protocol],
        ...given,
      });
      const socket = connect({ url: server.url, retry: { delay: 100 } });
      const rows: Row[] = [];
      const gaps: Gap[] = [];
      const query = 'subscription ($after: Int, $since: Float) { rows { number at } }';
      const subscription = recover<Data, Cursor, Row>(
        socket,
        { query },
        { rows: (data) => data.rows, ...options(server) },
      ).subscribe((item) => (isGap(item) ? gaps : rows).push(item as never));
      const more = (count: number) => {
        const enough = rows.length + count;
        return eventually(() => expect(rows).to.have.length.at.least(enough), 8_000);
      };
      for (let loss = 0; loss < losses; loss += 1) {
        await more(5);
        server.drop();
        await server.ledger.until('opened', () => true, loss + 2);
      }
      await more(30);
      subscription.unsubscribe();
      const { missing, duplicate, outOfOrder } = server.truth.compare(rows);
      const sent = server.ledger.entries.flatMap((entry) =>
        entry.type === 'started' ? [Object.keys(entry.request.variables)] : [],
      );
      const { length } = server.ledger.requests;
      return { found: { missing, duplicate, outOfOrder, gaps }, sent, requests: length };
    }
    const nothing = { missing: [], duplicate: [], outOfOrder: [], gaps: [] };

    it('resumes by an exclusive cursor', async () => {
      const { found, sent } = await follow({ feed: { every: 5, replay: true } }, () => ({
        resume: after,
      }));
      expect(found).to.deep.equal(nothing);
      expect(sent).to.deep.equal([[], ['after'], ['after']]);
    });

    for (const [name, resume] of [
      ['after', after],
      ['since', ({ at }: Row): Cursor => ({ since: at })],
    ] as const)
      it(`resumes by the inclusive cursor \`${name}\`, with a key`, async () => {
        const feed = { every: 5, row, replay: { inclusive: true } };
        const { found, sent } = await follow({ feed }, () => ({ resume, key }));
        expect(found).to.deep.equal(nothing);
        expect(sent).to.deep.equal([[], [name], [name]]);
        const repeated = await follow({ feed }, () => ({ resume }));
        expect(repeated.found.duplicate).to.have.length(2);
      });

    const forgetful = { feed: { every: 5, replay: { horizon: 50 } } };

    it('goes on behind a gap when its cursor is too old', async () => {
      const { found, sent } = await follow(forgetful, () => ({ resume: after }));
      expect(found).to.deep.include({ duplicate: [], outOfOrder: [] });
      expect(found.missing).to.have.length.above(20);
      expect(found.gaps).to.have.length(2);
      for (const { since = 0, until } of found.gaps) expect(until - since).to.be.above(90);
      expect(sent).to.deep.equal([[], ['after'], [], ['after'], []]);
    });

    it('asks the history when its cursor is too old', async () => {
      const { found } = await follow(forgetful, (server) => ({
        resume: after,
        key,
        backfill: history(server),
      }));
      expect(found).to.deep.equal(nothing);
    });

    it('asks a history that lags until it has caught up', async () => {
      const lagging = { backfill: { lag: 500 } };
      const asking = (server: GraphQLTestServer) => ({ key, backfill: history(server) });
      const { found } = await follow(lagging, asking, 1);
      expect(found).to.deep.equal(nothing);
    });

    it('asks a history page by page', async () => {
      const { found, requests } = await follow({ backfill: { maxRows: 4 } }, (server) => ({
        key,
        backfill: history(server),
      }));
      expect(found).to.deep.equal(nothing);
      expect(requests).to.be.above(3);
    });
  });
