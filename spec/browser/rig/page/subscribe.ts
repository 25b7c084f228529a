import { graphqlSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';
import { isGap, recover, type RecoverOptions } from 'rx-graphql-ws/recovery';
import type { PageEvent, PageState } from './report.js';

/** What JSON can carry of the options. */
export interface PageConfig extends Omit<GraphQLSocketConfig, 'url' | 'retry'> {
  readonly url: string;
  readonly retry?: { readonly delay?: number; readonly resetAfter?: number };
  /** How rows that were missed are got back; not at all, without it. */
  readonly recovery?: 'backfill' | 'resume';
}

interface Row {
  readonly number: number;
  /** When it was made. */
  readonly at: number;
}

interface Data {
  readonly rows: readonly Row[];
}

/** What is known of a subscription, and told to nobody but by its growth. */
export interface SubscriptionLog {
  readonly numbers: number[];
  readonly received: number[];
  readonly delays: number[];
  readonly states: PageState[];
  readonly events: PageEvent[];
  ended: string | undefined;
}

/** One socket object with one subscription to the server's feed. */
export function subscribe(
  { recovery, ...config }: PageConfig,
  log: SubscriptionLog,
  tap: (event: PageEvent) => void,
): void {
  const socket = graphqlSocket(config);
  socket.status$.subscribe((status) => {
    const error = 'error' in status ? status.error.name : undefined;
    log.states.push({ state: status.state, at: Date.now(), error });
  });
  socket.events$.subscribe((event) => {
    const { type, at, connection, direction, code } = event as PageEvent;
    log.events.push({ type, at, connection, direction, code });
    tap(event);
  });
  const take = ({ number, at }: Row) => {
    const now = Date.now();
    log.numbers.push(number);
    log.received.push(now);
    log.delays.push(now - at);
  };
  const end = {
    error(error: unknown) {
      log.ended = String(error);
    },
    complete() {
      log.ended = 'complete';
    },
  };
  const subscription = 'subscription { rows { number at } }';
  if (!recovery) {
    socket
      .subscribe$<Data>(subscription)
      .subscribe({ next: ({ rows }) => rows.forEach(take), ...end });
    return;
  }
  const query = 'query { rows { number at } }';
  const ways: Record<typeof recovery, RecoverOptions<Data, { after?: number }, Row>> = {
    resume: { resume: ({ number }) => ({ after: number }) },
    backfill: {
      key: ({ number }) => number,
      backfill: ({ last, first }) =>
        last && socket.query$<Data>({ query, variables: { from: last.number, to: first?.number } }),
    },
  };
  const row$ = recover<Data, { after?: number }, Row>(socket, subscription, {
    rows: ({ rows }) => rows,
    ...ways[recovery],
  });
  row$.subscribe({
    next(row) {
      if (isGap(row)) log.ended = 'a gap';
      else take(row);
    },
    ...end,
  });
}
