import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { auditTime, distinctUntilChanged, Observable } from 'rxjs';
import { type FeedVariables, mutation, subscription } from '../feed.js';
import {
  type Connect,
  fail,
  lingering,
  plainWebSocket,
  type Results,
  retryDelay,
  unsupported,
} from './bench-client.js';

export const connectGraphqlWs: Connect = ({ url, legacy, lingers = false }) => {
  if (legacy) unsupported();
  // ids as short as ours: its own are 36 characters long
  let last = 0;
  const client = createClient({
    url,
    webSocketImpl: plainWebSocket,
    generateID: () => String((last += 1)),
    retryAttempts: Infinity,
    retryWait: () => delay(retryDelay),
    shouldRetry: () => true,
    ...(lingers && { lazyCloseTimeout: lingering }),
  });
  const run = (query: string, variables: FeedVariables, { next, complete }: Results) =>
    client.subscribe(
      { query, variables: { ...variables } },
      { next: ({ data }) => next(data), error: fail, complete },
    );
  return {
    subscribe(variables, mode, results) {
      if (mode === 'all') return run(subscription, variables, results);
      const data$ = new Observable<unknown>((subscriber) =>
        run(subscription, variables, {
          next: (data) => subscriber.next(data),
          complete: () => subscriber.complete(),
        }),
      );
      const kept$ = data$.pipe(
        mode === 'audit'
          ? auditTime(16)
          : distinctUntilChanged(Object.is, (data) => JSON.stringify(data)),
      );
      const subscribed = kept$.subscribe({ ...results, error: fail });
      return () => subscribed.unsubscribe();
    },
    mutate(variables, results) {
      run(mutation, variables, results);
    },
    close: () => void client.dispose(),
  };
};
