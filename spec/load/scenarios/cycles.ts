import { filter, firstValueFrom } from 'rxjs';
import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import { activeResources } from '../../helpers/active-resources.js';
import { recordHeap } from '../../helpers/measure/heap.js';
import { sum } from '../../helpers/measure/statistics.js';
import { figure, none, type Scenario } from '../figure.js';
import { asking, startFeed, type Feed } from '../start-feed.js';

/** Real sockets that open, give a value and are closed: what is left of each of them. */
export const cycles: Scenario = async ({ short }) => {
  const times = short ? 500 : 10_000;
  const feed = await startFeed();
  let socket = graphqlSocket({ url: feed.url });
  let cyclesHere = 0;
  const ours = await repeat(times, short, () => {
    // the limit of excused dials allows a burst of ten
    if (cyclesHere === 10) {
      socket.close();
      socket = graphqlSocket({ url: feed.url });
      cyclesHere = 0;
    }
    cyclesHere += 1;
    return cycle(socket);
  });
  const seen = await feed.until(({ closedWith1000 }) => closedWith1000 >= ours.done);
  socket.close();
  const theirs = await repeat(times, short, () => cycleByHand(feed));
  await feed.stop();
  return [
    figure(`${times} real cycles: heap`, ours.perTime, 'B each', 64),
    figure('the same with `ws` alone', theirs.perTime, 'B each'),
    none('handles more than before', ours.handles),
    none('sockets not closed with 1000', seen.opened - seen.closedWith1000),
    none('sockets more than cycles', seen.opened - ours.done),
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

async function cycle(socket: GraphQLSocket): Promise<void> {
  const closed = firstValueFrom(socket.events$.pipe(filter(({ type }) => type === 'closed')));
  await firstValueFrom(socket.subscribe$(asking(1)));
  await closed;
}

function cycleByHand({ url }: Feed): Promise<void> {
  const raw = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  raw.on('open', () => raw.send('{"type":"connection_init"}'));
  raw.on('message', (data: Buffer) => {
    if (data.includes('connection_ack'))
      raw.send(JSON.stringify({ type: 'subscribe', id: '1', payload: asking(1) }));
    else raw.close(1000);
  });
  return new Promise((resolve) => raw.on('close', () => resolve()));
}
