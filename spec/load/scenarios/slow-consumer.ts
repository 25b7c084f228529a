import { setTimeout as sleep } from 'node:timers/promises';
import {
  concatMap,
  delay,
  delay as later,
  firstValueFrom,
  last,
  lastValueFrom,
  map,
  of,
  type OperatorFunction,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { concatMapBounded, graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import { settledHeap } from '../../helpers/measure/heap.js';
import { figure, mebibyte, none, type Scenario } from '../figure.js';
import { asking, startFeed } from '../start-feed.js';
import { sequenceReader } from '../../bench/result.js';

const size = 10_000;
const bytesPerSecond = 10_000_000;
const capacity = 100;
const numberOf = sequenceReader(size);

interface Row {
  readonly number: number;
  readonly data: unknown;
}

/** Takes 50 ms. */
const slowly = ({ number }: Row) => of(number).pipe(delay(50));
/** Numbers from 1 on. */
const feedOf = (socket: GraphQLSocket) =>
  socket
    .subscribe$(asking(Number.MAX_SAFE_INTEGER, { size, rate: bytesPerSecond / size }))
    .pipe(map((data) => ({ number: numberOf(data) + 1, data })));

/**
 * Memory under a feed of 10 MB a second with `overflow: 'pause'`, from the first result on. The same without a bound comes after it, and for
 * a few seconds, to show that the feed is what it should be, and that the growth would be seen.
 */
const pausedConsumer: Scenario = async ({ short }) => {
  const seconds = short ? 4 : 30;
  const feed = await startFeed();
  const consume = async (
    forSeconds: number,
    operator: (socket: GraphQLSocket) => OperatorFunction<Row, number>,
  ) => {
    const socket = graphqlSocket({
      url: feed.url,
      keepAliveTimeout: 2_000,
      pingInterval: 1_000,
      pongTimeout: 1_000,
    });
    let connections = 0;
    socket.connection$.subscribe(() => (connections += 1));
    const counts = { received: 0, outOfOrder: 0, handled: 0, handledOutOfOrder: 0, most: 0 };
    let grown = 0;
    const before = process.memoryUsage.rss();
    const sample = () => {
      grown = Math.max(grown, process.memoryUsage.rss() - before);
    };
    const sampling = setInterval(sample, 20);
    const over$ = timer(forSeconds * 1_000);
    const consuming = feedOf(socket).pipe(
      tap(({ number }) => {
        counts.received += 1;
        counts.outOfOrder += Number(number !== counts.received);
        counts.most = Math.max(counts.most, counts.received - counts.handled);
      }),
      operator(socket),
      map((number) => {
        counts.handled += 1;
        counts.handledOutOfOrder += Number(number !== counts.handled);
      }),
      takeUntil(over$),
    );
    await lastValueFrom(consuming.pipe(last(null, undefined)));
    sample();
    clearInterval(sampling);
    socket.close();
    await lastValueFrom(socket.status$);
    return { ...counts, grown, connections };
  };
  const paused = await consume(seconds, (socket) =>
    concatMapBounded(slowly, { capacity, overflow: 'pause', socket }),
  );
  await sleep(100);
  const unbounded = await consume(4, () => concatMap(slowly));
  await feed.stop();
  const rate = (unbounded.received * size) / 4;
  const { outOfOrder, handledOutOfOrder, handled } = paused;
  return [
    figure(`paused: RSS growth in ${seconds} s`, paused.grown / mebibyte, 'MiB', 32),
    figure('paused: results handled', handled),
    none('paused: lost, repeated or out of order', outOfOrder + handledOutOfOrder),
    figure('paused: the most that waited, above `capacity`', paused.most - capacity, '', 20),
    none('paused: further connections', paused.connections - 1),
    none('paused: it was not 50 ms each', handled < seconds * 10 || handled > seconds * 20),
    figure('rxjs concatMap: RSS growth in 4 s', unbounded.grown / mebibyte, 'MiB'),
    figure('rxjs concatMap: the feed', rate / 1_000_000, 'MB/s'),
    none('the feed was too slow', rate < (short ? 0.5 : 0.9) * bytesPerSecond),
  ];
};

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
