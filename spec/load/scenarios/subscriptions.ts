import { setTimeout as delay } from 'node:timers/promises';
import { filter, firstValueFrom, type Subscription } from 'rxjs';
import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import { recordHeap } from '../../helpers/measure/heap.js';
import { figure, none, type Scenario } from '../figure.js';
import { asking, startFeed } from '../start-feed.js';

const atOnce = 50;

/** Subscribing and unsubscribing for ever, on a connection that something else holds. */
export const subscriptions: Scenario = async ({ short }) => {
  const times = short ? 5_000 : 100_000;
  const feed = await startFeed();
  const socket = graphqlSocket({ url: feed.url });
  let orphans = 0;
  let opened = 0;
  const watching = socket.events$.pipe(
    filter(({ type }) => type === 'orphaned' || type === 'opened'),
  );
  watching.subscribe(({ type }) => (type === 'opened' ? (opened += 1) : (orphans += 1)));
  const holder = socket.connection$.subscribe();
  await firstValueFrom(socket.connection$);

  await repeat(times / 10, short, socket);
  const perTime = await repeat(times, short, socket);
  const told = await feed.until(({ completed }) => completed >= times + times / 10);
  await delay(50);
  // one more result for each of them: nobody may be there to take it
  orphans = 0;
  await feed.tell('haunt');
  for (let waited = 0; waited < 200 && orphans < told.subscribed; waited += 1) await delay(10);
  const unrouted = orphans;
  holder.unsubscribe();
  socket.close();
  await feed.stop();
  const { subscribed, completed } = told;
  return [
    figure(`${times} subscriptions: heap`, perTime, 'B each', 16),
    none(
      'subscribed more or less often than completed, at the server',
      Math.abs(subscribed - completed),
    ),
    none('subscriptions that the server did not see', times + times / 10 - subscribed),
    none('routes left', subscribed - unrouted),
    none('sockets more than one', opened - 1),
  ];
};

async function repeat(times: number, short: boolean, socket: GraphQLSocket): Promise<number> {
  const heap = recordHeap(times, short);
  heap.after(0);
  for (let done = atOnce; done <= times; done += atOnce) {
    await batch(socket, (done / atOnce) % 2 === 0);
    heap.after(done);
  }
  return heap.perTime;
}

/** Ends each after its first result, or all of them before there is any. */
function batch(socket: GraphQLSocket, patient: boolean): Promise<void> {
  const request = asking(1);
  return new Promise((resolve) => {
    let left = atOnce;
    for (let n = 0; n < atOnce; n += 1) {
      const subscription: Subscription = socket.subscribe$(request).subscribe(() => {
        subscription.unsubscribe();
        if ((left -= 1) === 0) resolve();
      });
      if (!patient) subscription.unsubscribe();
    }
    // as often as the server can follow: what it did not read yet waits in this process
    if (!patient) setTimeout(resolve, 1);
  });
}
