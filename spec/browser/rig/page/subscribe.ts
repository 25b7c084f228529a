import { graphqlSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';
import type { PageEvent, PageState } from './report.js';

/** What JSON can carry of the options. */
export interface PageConfig extends Omit<GraphQLSocketConfig, 'url' | 'retry'> {
  readonly url: string;
  readonly retry?: { readonly delay?: number; readonly resetAfter?: number };
}

interface Row {
  readonly number: number;
  /** When it was made. */
  readonly at: number;
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
  config: PageConfig,
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
  socket.subscribe$<{ rows: Row[] }>('subscription { rows { number at } }').subscribe({
    next({ rows }) {
      const now = Date.now();
      for (const { number, at } of rows) {
        log.numbers.push(number);
        log.received.push(now);
        log.delays.push(now - at);
      }
    },
    error(error: unknown) {
      log.ended = String(error);
    },
    complete() {
      log.ended = 'complete';
    },
  });
}
