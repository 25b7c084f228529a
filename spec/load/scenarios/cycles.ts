import { filter, firstValueFrom, type Observable } from 'rxjs';
import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import { activeResources } from '../../helpers/active-resources.js';
import { startFeed, type Feed } from '../feed/start-feed.js';
import type { Scenario } from '../figure.js';
import { recordHeap } from '../../helpers/measure/heap.js';
import { sum } from '../../helpers/measure/statistics.js';

/** Real sockets that open, give a value and are closed: what is left of each of them. */
export const cycles: Scenario = async ({ short }) => {
  const times = short ? 500 : 10_000;
  const feed = await startFeed();
  const socket = graphqlSocket({ url: feed.url });
  const closed$ = socket.events$.pipe(filter(({ type }) => type === 'closed'));
  const ours = await repeat(times, short, () => cycle(socket, closed$));
  const seen = await feed.until(({ closedWith1000 }) => closedWith1000 >= ours.done);
  socket.close();
  const theirs = await repeat(times, short, () => cycleByHand(feed));
  await feed.stop();
  return [
    { what: `${times} real cycles: heap`, value: ours.perTime, unit: 'B each', limit: 64 },
    { what: 'the same with `ws` alone', value: theirs.perTime, unit: 'B each' },
    { what: 'handles more than before', value: ours.handles, unit: '', limit: 0 },
    {
      what: 'sockets not closed with 1000',
      value: seen.opened - seen.closedWith1000,
      unit: '',
      limit: 0,
    },
    { what: 'sockets more than cycles', value: seen.opened - ours.done, unit: '', limit: 0 },
  ];
};

async function repeat(times: number, short: boolean, once: () => Promise<void>) {
  const warmUp = times / 10;
  for (let n = 0; n < warmUp; n += 1) await once();
  const heap = recordHeap(times, short);
  const before = handles();
  heap.after(0);
  for (let n = 1; n <= times; n += 1) {
    await once();
    heap.after(n);
  }
  return { perTime: heap.perTime, handles: handles() - before, done: times + warmUp };
}

function handles(): number {
  return sum(Object.values(activeResources()));
}

async function cycle(socket: GraphQLSocket, closed$: Observable<object>): Promise<void> {
  const closed = firstValueFrom(closed$);
  await firstValueFrom(socket.subscribe$({ query: 'subscription', variables: { results: 1 } }));
  await closed;
}

function cycleByHand({ url }: Feed): Promise<void> {
  const raw = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  raw.on('open', () => {
    raw.send('{"type":"connection_init"}');
  });
  raw.on('message', (data: Buffer) => {
    if (data.includes('connection_ack'))
      raw.send('{"type":"subscribe","id":"1","payload":{"variables":{"results":1}}}');
    else raw.close(1000);
  });
  return new Promise((resolve) => {
    raw.on('close', () => {
      resolve();
    });
  });
}
