import { setTimeout as delay } from 'node:timers/promises';
import { filter, firstValueFrom, lastValueFrom } from 'rxjs';
import { graphqlSocket, type WebSocketConstructor } from 'rx-graphql-ws';
import WebSocket from 'ws';
import { usedHeap } from '../../helpers/measure/heap.js';
import { none, type Scenario } from '../figure.js';
import { asking, startFeed, type Feed } from '../start-feed.js';

const request = asking(1);

/** Whether sockets that are over, and a socket object that was closed, can be collected. */
export const garbage: Scenario = async ({ short }) => {
  const cycles = short ? 20 : 200;
  const losses = short ? 2 : 10;
  const feed = await startFeed();
  const raw = watchGarbage();
  const objects = watchGarbage();
  const alive = await use(feed, cycles, losses, raw, objects);
  await collected(raw);
  await collected(objects);
  await feed.stop();
  // the stack of the last error, which the next attempt is told of, still knows the socket that it came from
  const besides = 'sockets alive besides the current and the last one';
  return [
    none(`${besides}, after ${cycles} cycles and ${losses} losses`, alive - 2),
    none('sockets alive after close()', raw.alive()),
    none('socket objects alive after close()', objects.alive()),
    none('sockets not finalised', raw.watched() - raw.finalised()),
    none('sockets fewer than there were to be', cycles + losses + 1 - raw.watched()),
  ];
};

type Garbage = ReturnType<typeof watchGarbage>;

function watchGarbage() {
  const references: WeakRef<object>[] = [];
  let finalised = 0;
  const registry = new FinalizationRegistry(() => (finalised += 1));
  return {
    add(object: object) {
      references.push(new WeakRef(object));
      registry.register(object, undefined);
    },
    watched: () => references.length,
    finalised: () => finalised,
    alive: () => references.filter((reference) => reference.deref() !== undefined).length,
  };
}

/** A function of its own, because what it holds is gone with it. Resolves with how many sockets were alive before the close. */
async function use(feed: Feed, cycles: number, losses: number, raw: Garbage, objects: Garbage) {
  const webSocketImpl = function (...args: [string, string[], object]) {
    const socket = new WebSocket(...args);
    raw.add(socket);
    return socket;
  } as unknown as WebSocketConstructor;
  const socket = graphqlSocket({ url: feed.url, webSocketImpl, retry: { delay: 0 } });
  objects.add(socket);
  for (let n = 0; n < cycles; n += 1) {
    const closed = firstValueFrom(socket.events$.pipe(filter(({ type }) => type === 'closed')));
    await firstValueFrom(socket.subscribe$(request));
    await closed;
  }
  const holder = socket.subscribe$(request).subscribe();
  const connected$ = socket.status$.pipe(filter(({ state }) => state === 'connected'));
  await firstValueFrom(connected$);
  for (let n = 0; n < losses; n += 1) {
    const lost = firstValueFrom(socket.status$.pipe(filter(({ state }) => state !== 'connected')));
    await feed.tell('drop');
    await lost;
    await firstValueFrom(connected$);
  }
  await collected(raw, 2);
  const alive = raw.alive();
  holder.unsubscribe();
  socket.close();
  await lastValueFrom(socket.status$);
  return alive;
}

/** Collects until no more than so many are left, or for a second: objects that were looked at live on to the end of the turn. */
async function collected({ alive }: Garbage, left = 0): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    await delay(20);
    usedHeap();
    await delay(0);
    if (alive() <= left) return;
  }
}
