import { setTimeout as sleep } from 'node:timers/promises';
import {
  concatMap,
  delay,
  last,
  lastValueFrom,
  map,
  of,
  takeUntil,
  tap,
  timer,
  type OperatorFunction,
} from 'rxjs';
import { concatMapBounded, graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import { startFeed } from '../feed/start-feed.js';
import type { Scenario } from '../figure.js';

const mebibyte = 2 ** 20;
const bytesPerSecond = 10_000_000;
const capacity = 100;

interface Row {
  readonly number: number;
  readonly filler: string;
}

/** Takes 50 ms. */
const slowly = ({ number }: Row) => of(number).pipe(delay(50));
const feedOf = (socket: GraphQLSocket) =>
  socket.subscribe$<Row>({
    query: 'subscription',
    variables: { results: Number.MAX_SAFE_INTEGER, bytesPerSecond },
  });

/**
 * Memory under a feed of 10 MB a second with `overflow: 'pause'`, from the first result on. The same without a bound comes after it, and for
 * a few seconds, to show that the feed is what it should be, and that the growth would be seen.
 */
export const pausedConsumer: Scenario = async ({ short }) => {
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
    const counts = {
      received: 0,
      outOfOrder: 0,
      handled: 0,
      handledOutOfOrder: 0,
      most: 0,
      grown: 0,
    };
    const before = process.memoryUsage.rss();
    const sample = () => {
      counts.grown = Math.max(counts.grown, process.memoryUsage.rss() - before);
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
    return { ...counts, connections };
  };
  const paused = await consume(seconds, (socket) =>
    concatMapBounded(slowly, { capacity, overflow: 'pause', socket }),
  );
  await sleep(100);
  const unbounded = await consume(4, () => concatMap(slowly));
  await feed.stop();
  const rate = (unbounded.received * 10_000) / 4;
  return [
    {
      what: `paused: RSS growth in ${seconds} s`,
      value: paused.grown / mebibyte,
      unit: 'MiB',
      limit: 32,
    },
    { what: 'paused: results handled', value: paused.handled, unit: '' },
    {
      what: 'paused: lost, repeated or out of order',
      value: paused.outOfOrder + paused.handledOutOfOrder,
      unit: '',
      limit: 0,
    },
    {
      what: 'paused: the most that waited, above `capacity`',
      value: paused.most - capacity,
      unit: '',
      limit: 20,
    },
    { what: 'paused: further connections', value: paused.connections - 1, unit: '', limit: 0 },
    {
      what: 'paused: it was not 50 ms each',
      value: Number(paused.handled < seconds * 10 || paused.handled > seconds * 20),
      unit: '',
      limit: 0,
    },
    { what: 'rxjs concatMap: RSS growth in 4 s', value: unbounded.grown / mebibyte, unit: 'MiB' },
    { what: 'rxjs concatMap: the feed', value: rate / 1_000_000, unit: 'MB/s' },
    {
      what: 'the feed was too slow',
      value: Number(rate < (short ? 0.5 : 0.9) * bytesPerSecond),
      unit: '',
      limit: 0,
    },
  ];
};
