import type { ClientEvent, ClientLine } from './log-line.js';

/** What `events$` has shown of a connection so far. */
interface SeenConnection {
  readonly closed: boolean;
  /** After all connections before it had closed. */
  readonly acknowledged: boolean;
  /** The subscription sent on it, after it was acknowledged. */
  readonly subscribed: ClientEvent | undefined;
}

/** The connections of one client, as `events$` shows them. */
interface ConnectionsSeen {
  see(event: ClientEvent): void;
  of(connection: number): SeenConnection;
}

const unseen: SeenConnection = { closed: false, acknowledged: false, subscribed: undefined };

/** Follows `events$`. */
function connectionsSeen(): ConnectionsSeen {
  const seen = new Map<number, SeenConnection>();
  const of = (connection: number) => seen.get(connection) ?? unseen;
  return {
    of,
    see(event) {
      const { connection } = event;
      const before = of(connection);
      const othersClosed = [...seen].every(([other, { closed }]) => closed || other === connection);
      seen.set(connection, {
        closed: before.closed || event.event === 'closed',
        acknowledged: before.acknowledged || (event.event === 'acknowledged' && othersClosed),
        subscribed:
          event.message === 'subscribe' && before.acknowledged ? event : before.subscribed,
      });
    },
  };
}

/**
 * Rows that a subscriber did not get. It lies inside an interruption if `outside` is undefined, that is:
 *
 * - the value before it is the last that came on its connection, and the one after it the first on another;
 * - between the two `events$` showed, in this order: that connection closed, the other acknowledged, the subscription sent on it;
 * - no row is missing that came to exist after the server had begun to work for that subscription.
 *
 * The interruption thus lasts from the last result `received` to the subscription `sent` again, and for the way of that message: where the
 * network holds it back, what the server could not send yet is missing as well. `onTheWay` is how long after the subscription was sent the last
 * of the rows came to exist, in ms: nothing of it if negative.
 */
interface LostRange {
  readonly from: number;
  readonly to: number;
  readonly onTheWay: number;
  readonly outside: string | undefined;
}

/** What became of the rows on their way to one client. */
export interface Account {
  /** Different ones. */
  readonly values: number;
  readonly lost: readonly LostRange[];
  readonly duplicated: readonly number[];
  readonly outOfOrder: readonly number[];
  /** Results received on the wire that the subscriber never got. */
  readonly undelivered: readonly number[];
}

/** What the feed knows. */
export interface FeedClock {
  /** When row k exists, in ms since the epoch. */
  existsAt(number: number): number;
  /** When the server began to work for an operation, in ms since the epoch; undefined: it never did. */
  startedAt(id: string): number | undefined;
}

/** ms: a row is counted as existing when the server's timer fires. */
const slack = 50;

/** Compares what a client got with what there was. */
export function account(lines: readonly ClientLine[], feed: FeedClock): Account {
  const lost: LostRange[] = [];
  const duplicated: number[] = [];
  const outOfOrder: number[] = [];
  const undelivered: number[] = [];
  const connections = connectionsSeen();
  const seen = new Set<number>();
  let received: ClientEvent | undefined;
  let connection = 0;
  let latest: { readonly number: number; readonly connection: number } | undefined;

  const take = (number: number) => {
    // One that did not come from the wire is the fault of whoever handled the last that did.
    connection = received?.connection ?? connection;
    received = undefined;
    if (seen.has(number)) duplicated.push(number);
    else if (latest && number < latest.number) outOfOrder.push(number);
    else {
      if (latest && number > latest.number + 1) {
        const to = number - 1;
        const before = latest.connection === connection ? undefined : latest.connection;
        const after = connections.of(connection);
        const outside = whyOutside(
          to,
          before === undefined ? undefined : connections.of(before),
          after,
          feed,
        );
        const onTheWay = feed.existsAt(to) - (after.subscribed?.at ?? NaN);
        lost.push({ from: latest.number + 1, to, outside, onTheWay });
      }
      latest = { number, connection };
    }
    seen.add(number);
  };
  for (const line of lines) {
    if (line.type === 'value') take(line.number);
    if (line.type !== 'event') continue;
    connections.see(line);
    if (line.number === undefined) continue;
    if (received) undelivered.push(received.number!);
    received = line;
  }
  return { values: seen.size, lost, duplicated, outOfOrder, undelivered };
}

function whyOutside(
  to: number,
  before: SeenConnection | undefined,
  { subscribed, acknowledged }: SeenConnection,
  { existsAt, startedAt }: FeedClock,
): string | undefined {
  if (!before) return 'within one connection';
  if (!before.closed) return 'no `closed` of the connection before';
  if (!acknowledged) return 'no `acknowledged` after it had closed';
  if (!subscribed) return 'the subscription was not sent after that';
  const started = startedAt(subscribed.id!);
  if (started === undefined) return 'the server never got the subscription';
  const late = existsAt(to) - started;
  return late > slack ? `${late} ms after the server got the subscription` : undefined;
}
