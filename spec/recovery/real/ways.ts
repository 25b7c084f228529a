import { delay, map, type ObservableInput, of, throwError, timer } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Missing, RecoverOptions } from 'rx-graphql-ws/recovery';
import type { After, Row } from '../rows.js';
import { row } from '../rows.js';
import type { FeedServer } from './feed-server.js';
import { range } from './feed-server.js';

export interface Data {
  readonly rows: readonly number[];
}
type Options = Omit<RecoverOptions<Data, After, Row>, 'rows'>;

/** A way of recovering from a real server. */
export interface RealWay {
  /** Whether nothing may be missing. */
  readonly isExact: boolean;
  options(server: FeedServer, socket: GraphQLSocket): Options;
}

/** ms that a slow history is behind the stream, and that a slow answer takes at most. */
export interface Slowness {
  readonly lag: number;
  readonly latency: number;
}

const key = ({ k }: Row) => k;
const data = (numbers: number[]): Data => ({ rows: numbers });
const historical = 'query ($from: Int!, $to: Int!) { rows(from: $from, to: $to) }';

function chunks(numbers: number[], size: number): Data[] {
  return Array.from({ length: Math.ceil(numbers.length / size) }, (_, index) =>
    data(numbers.slice(index * size, (index + 1) * size)),
  );
}

/** A history that answers by rows from `last` on. */
const history =
  (find: (from: number, server: FeedServer) => ObservableInput<Data>) =>
  (server: FeedServer): Options => ({
    key,
    backfill: ({ last }: Missing<Row>) => last && find(last.k + 1, server),
  });
const now = (from: number, { latest }: FeedServer) => of(data(range(from, latest())));

export function realWays({ lag, latency }: Slowness): Readonly<Record<string, RealWay>> {
  const exactly = (options: RealWay['options']): RealWay => ({ isExact: true, options });
  const marked = (options: RealWay['options']): RealWay => ({ isExact: false, options });
  const late = () => latency * (0.2 + 0.8 * Math.random());
  return {
    resume: exactly(() => ({ resume: (last) => ({ after: last.k }) })),
    'resume, inclusive': exactly(() => ({ resume: (last) => ({ after: last.k - 1 }), key })),
    'backfill at once': exactly(history(now)),
    'backfill over the socket': exactly((_, socket) => ({
      key,
      backfill: ({ last, first }) =>
        last &&
        socket.query$<Data>({
          query: historical,
          variables: { from: last.k, to: first?.k ?? last.k + 100 },
        }),
    })),
    'late backfill': exactly(history((from, server) => now(from, server).pipe(delay(late())))),
    'lagging backfill': exactly(history((from, { latest }) => of(data(range(from, latest(lag)))))),
    'overlapping backfill, in parts': exactly(
      history((from, { latest }) => of(...chunks(range(from - 20, latest()), 7))),
    ),
    'backfill in pages': exactly(
      history((from, { latest }) => of(data(range(from, Math.min(from + 24, latest()))))),
    ),
    'backfill with a small buffer': exactly((server) => ({
      ...history((from, { latest }) => timer(late()).pipe(map(() => data(range(from, latest())))))(
        server,
      ),
      buffer: 10,
    })),
    none: marked(() => ({})),
    'a key': marked(() => ({ key })),
    'failing backfill': marked(history(() => throwError(() => new Error('no')))),
    'backfill that fails each second time': marked((server) => {
      let calls = 0;
      return history((from) =>
        (calls += 1) % 2 ? throwError(() => new Error('no')) : now(from, server),
      )(server);
    }),
    'hanging backfill': marked((server) => ({
      ...history(() => new Promise<never>(() => undefined))(server),
      timeout: 100,
    })),
  };
}

export const rowsOf = ({ rows }: Data): Row[] => rows.map(row);
