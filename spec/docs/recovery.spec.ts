import { expect } from 'chai';
import { describe, it } from 'mocha';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, map, merge, NEVER, of, type Observable, timer } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';
import { ticks } from '../../docs/examples/recovery/deadline.js';
import { messages } from '../../docs/examples/recovery/hasura.js';
import { entries } from '../../docs/examples/recovery/offsets.js';
import { renewing } from '../../docs/examples/recovery/renewing.js';
import { happenings } from '../../docs/examples/recovery/since.js';
import * as inFile from '../../docs/examples/recovery/stored-in-file.js';
import * as inRedis from '../../docs/examples/recovery/stored-in-redis.js';
import { eventually } from '../helpers/eventually.js';
import { advance, record, test } from '../helpers/test.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { document, rowSocket } from '../recovery/bench.js';
import type { Row } from '../recovery/rows.js';

/** What a recipe gets over two connections, of which the first is lost behind the data `before`. */
function overLoss<T>(
  recipe: (socket: GraphQLSocket) => Observable<T>,
  before: unknown,
  after: unknown,
) {
  const { socket, sent } = rowSocket(
    ['oa-b-x', 'oa-q'],
    {},
    {
      b: { data: before },
      q: { data: after },
    },
  );
  const { values } = record(recipe(socket));
  advance(100);
  socket.close();
  return { values, sent };
}

describe('the recipes for recovery', () => {
  test('hasura: begins behind the last row of a batch', () => {
    const [one, two, three] = [1, 2, 3].map((id) => ({ id, text: `text ${id}` }));
    const { values, sent } = overLoss(
      (socket) => messages(socket, 'a'),
      { messages_stream: [one, two] },
      { messages_stream: [three] },
    );
    expect(values).to.deep.equal([one, two, three]);
    const cursor = (id: number) => ({ initial_value: { id }, ordering: 'ASC' });
    expect(sent).to.deep.equal([
      { room: 'a', cursor: cursor(0) },
      { room: 'a', cursor: cursor(2) },
    ]);
  });

  test('since: drops what the server repeats', () => {
    const happening = { id: 'x', at: 5 };
    const { values, sent } = overLoss(happenings, { happening }, { happening });
    expect(values).to.deep.equal([happening]);
    expect(sent).to.deep.equal([undefined, { since: 5 }]);
  });

  test('offsets: begins behind the last row of each partition', () => {
    const entry = (partition: number, offset: number) => ({ partition, offset, value: '' });
    const before = [entry(0, 7), entry(1, 3), entry(0, 8)];
    const after = [entry(1, 4), entry(0, 9)];
    const { values, sent } = overLoss(entries, { entries: before }, { entries: after });
    expect(values).to.deep.equal([...before, ...after]);
    const from = [
      { partition: 0, offset: 9 },
      { partition: 1, offset: 4 },
    ];
    expect(sent).to.deep.equal([undefined, { from }]);
  });

  test('deadline: sends a subscription again that says nothing, behind its last row', () => {
    const { socket, server, sent } = rowSocket(
      ['oa-b- 300ms k 300ms k 300ms k 300ms k', 'oa-q'],
      {},
      {
        b: { data: { tick: { n: 1 } } },
        q: { data: { tick: { n: 2 } } },
      },
    );
    const stream = record(ticks(socket, 800));
    advance(2_100);
    expect(stream.values).to.deep.equal([{ n: 1 }, { n: 2 }]);
    expect(sent).to.deep.equal([undefined, { after: 1 }]);
    // nobody else used the connection, so that it was closed
    expect(server.peers).to.have.length(2);
    stream.unsubscribe();
    socket.close();
  });

  test('renewing: moves with a first result; a socket that is refused replaces nothing', () => {
    const scripts = ['oa-1-2-3 10ms 4 20ms 9', 'oa-r', 'oa 20ms 4-5c'];
    const sockets = scripts.map((script) => rowSocket([script]).socket);
    const states = sockets.map(({ status$ }) => record(status$.pipe(map(({ state }) => state))));
    const unused = sockets[Symbol.iterator]();
    const row$ = recover<Row, object, Row>(
      renewing(() => unused.next().value!, merge(timer(8), timer(12))),
      document,
      { key: ({ k }) => k, resume: ({ k }) => ({ after: k }) },
    );
    const { values, log } = record(row$);
    advance(100);
    expect(values).to.deep.equal([1, 2, 3, 4, 5].map((k) => ({ k })));
    expect(log.at(-1)?.[1]).to.equal('complete');
    for (const { values } of states) expect(values.at(-1)).to.equal('closed');
  });

  describe('of a stored cursor', () => {
    const serve = useServer();
    const connect = useSocket();
    const feed = () => {
      const since: unknown[] = [];
      const events = [1, 2, 3, 4].map((at) => ({ id: `event ${at}`, at }));
      const server = serve({
        handle: ({ variables }) => {
          since.push(variables.since);
          const from = Number(variables.since ?? 1);
          const behind = events.filter(({ at }) => at >= from && at < from + 2);
          return concat(of(...behind).pipe(map((happening) => ({ data: { happening } }))), NEVER);
        },
      });
      return { since, server };
    };

    it('file: goes on where the last process has stopped, in the midst of a line', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'cursor-'));
      const file = join(directory, 'events');
      const { since, server } = feed();
      const { url } = await server;
      const warnings: string[] = [];
      const stored = (last: number) =>
        [1, 2, 3, 4]
          .slice(0, last)
          .map((at) => `${JSON.stringify({ id: `event ${at}`, at })}\n`)
          .join('');
      try {
        for (const last of [2, 3, 4]) {
          const subscription = inFile
            .follow(connect({ url }), file, (message) => warnings.push(message))
            .subscribe();
          await eventually(() => expect(readFileSync(file, 'utf8')).to.equal(stored(last)));
          subscription.unsubscribe();
          appendFileSync(file, '{"id":"event 5","a');
        }
      } finally {
        rmSync(directory, { recursive: true });
      }
      expect(since).to.deep.equal([undefined, 2, 3]);
      expect(warnings).to.deep.equal([]);
    });

    it('Redis: goes on where the last process has stopped', async () => {
      const stored = new Map<string, string>();
      const redis = {
        get: (key: string) => Promise.resolve(stored.get(key) ?? null),
        set: (key: string, value: string) => Promise.resolve(stored.set(key, value)),
      };
      const { since, server } = feed();
      const { url } = await server;
      const handled: string[] = [];
      for (const last of [2, 3]) {
        const subscription = inRedis
          .follow(connect({ url }), redis, (event) => Promise.resolve(void handled.push(event.id)))
          .subscribe();
        await eventually(() =>
          expect(stored.get('happenings:last')).to.equal(
            JSON.stringify([{ id: `event ${last}`, at: last }]),
          ),
        );
        subscription.unsubscribe();
      }
      expect(handled).to.deep.equal(['event 1', 'event 2', 'event 3']);
      expect(since).to.deep.equal([undefined, 2]);
    });
  });
});
