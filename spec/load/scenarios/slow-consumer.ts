import { concatMap, delay as later, firstValueFrom, last, of, take, tap } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { startFeed } from '../feed/start-feed.js';
import type { Scenario } from '../figure.js';
import { pausedConsumer } from './paused-consumer.js';
import { settledHeap } from '../../helpers/measure/heap.js';

const mebibyte = 2 ** 20;
const query = 'subscription';

/** A consumer that takes 50 ms for each result of a fast feed: one that has the socket paused, and one for whom all waits. */
export const slowConsumer: Scenario = async (scale) => [
  ...(await pausedConsumer(scale)),
  ...(await unboundedConsumer(scale)),
];

/** Beside one that keeps up. What waits is in the user's `concatMap`. */
const unboundedConsumer: Scenario = async ({ short }) => {
  const flood = short ? 20_000 : 200_000;
  const rows = short ? 50 : 500;
  const feed = await startFeed();
  const socket = graphqlSocket({ url: feed.url });
  const holder = socket.connection$.subscribe();
  await firstValueFrom(socket.subscribe$({ query, variables: { results: 1 } }));
  const before = await settledHeap();

  const slow = { received: 0, handled: 0 };
  const subscription = socket
    .subscribe$({ query, variables: { results: flood } })
    .pipe(
      tap(() => (slow.received += 1)),
      concatMap((data) => of(data).pipe(later(50))),
    )
    .subscribe(() => (slow.handled += 1));
  let other = 0;
  await firstValueFrom(
    socket.subscribe$({ query, variables: { results: rows, every: 5 } }).pipe(
      tap(() => (other += 1)),
      take(rows),
      last(),
    ),
  );
  const { received, handled } = slow;
  const during = await settledHeap();
  subscription.unsubscribe();
  const after = await settledHeap();
  holder.unsubscribe();
  socket.close();
  await feed.stop();
  return [
    { what: `results of ${flood} that came to the slow one`, value: received, unit: '' },
    { what: 'of them handled', value: handled, unit: '' },
    {
      what: `results of ${rows} that the other one lacks meanwhile`,
      value: rows - other,
      unit: '',
      limit: 0,
    },
    {
      what: 'nothing waited: the slow consumer was not slow',
      value: Number(received - handled < received / 2),
      unit: '',
      limit: 0,
    },
    { what: 'heap while it waits', value: (during - before) / mebibyte, unit: 'MiB' },
    {
      what: 'heap after the unsubscribe',
      value: (after - before) / mebibyte,
      unit: 'MiB',
      limit: 1,
    },
  ];
};
