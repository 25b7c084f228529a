import { concatMap, delay as later, firstValueFrom, last, of, take, tap } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { settledHeap } from '../../helpers/measure/heap.js';
import { figure, mebibyte, none, type Scenario } from '../figure.js';
import { asking, startFeed } from '../start-feed.js';
import { pausedConsumer } from './paused-consumer.js';

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
  await firstValueFrom(socket.subscribe$(asking(1)));
  const before = await settledHeap();

  const slow = { received: 0, handled: 0 };
  const subscription = socket
    .subscribe$(asking(flood))
    .pipe(
      tap(() => (slow.received += 1)),
      concatMap((data) => of(data).pipe(later(50))),
    )
    .subscribe(() => (slow.handled += 1));
  let other = 0;
  await firstValueFrom(
    socket.subscribe$(asking(rows, { rate: 200 })).pipe(
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
    figure(`results of ${flood} that came to the slow one`, received),
    figure('of them handled', handled),
    none(`results of ${rows} that the other one lacks meanwhile`, rows - other),
    none('nothing waited: the slow consumer was not slow', received - handled < received / 2),
    figure('heap while it waits', (during - before) / mebibyte, 'MiB'),
    figure('heap after the unsubscribe', (after - before) / mebibyte, 'MiB', 1),
  ];
};
