import { queryObjects } from 'node:v8';
import { asyncScheduler, Observable, Subscriber, Subscription } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import type { FakePeer } from 'rx-graphql-ws/testing';
import { virtually, type VirtualTime } from '../../helpers/virtually.js';
import { figure, none, type Figure, type Scenario } from '../figure.js';
import { friendlyDials, type FriendlyDials } from '../friendly-dials.js';
import { recordHeap } from '../../helpers/measure/heap.js';

/** Bytes that a reconnect may leave behind. */
const limit = 64;

/** What a connection is lost by, in turn. */
const losses: readonly ((peer: FakePeer) => unknown)[] = [
  (peer) => peer.drop(),
  (peer) => peer.close(1012),
  (peer) => peer.send('not JSON'),
  (peer) => peer.fail(),
];
/** ms within which the connection is back; malformed frames further apart than a minute stay without consequences. */
const between = 30_000;

/** Connections that are lost, in virtual time: what is left of each of them. */
export const reconnects: Scenario = async ({ short }) => {
  const times = short ? 500 : 10_000;
  const figures: Figure[] = [];
  virtually((time) => figures.push(...lose(times, short, time)))();
  virtually((time) => {
    const dials = friendlyDials();
    dialByHand(dials);
    const { perTime } = repeat(times, short, dials, time);
    figures.push(figure('the same without the library', perTime, 'B each'));
  })();
  virtually((time) => {
    const dials = friendlyDials();
    const kept: unknown[] = [];
    dialByHand(dials, () => kept.push(new Array(8).fill(0)));
    const { perTime } = repeat(times, short, dials, time);
    figures.push(
      figure('the same with a leak made on purpose', perTime, 'B each'),
      none('that leak was not seen', perTime <= limit),
    );
  })();
  return Promise.resolve(figures);
};

function lose(times: number, short: boolean, time: VirtualTime): readonly Figure[] {
  const dials = friendlyDials();
  const { webSocketImpl } = dials;
  const socket = graphqlSocket({
    url: 'ws://peer/graphql',
    webSocketImpl,
    retry: { delay: 1_000 },
  });
  let results = 0;
  const watched = [socket.status$.subscribe(), socket.events$.subscribe()];
  for (let operation = 0; operation < 3; operation += 1)
    watched.push(socket.subscribe$('subscription { price }').subscribe(() => (results += 1)));

  const { perTime, before, after } = repeat(times, short, dials, time);
  for (const subscription of watched) subscription.unsubscribe();
  time.advance(between);
  return [
    figure(`${times} reconnects: heap`, perTime, 'B each', limit),
    none('dials that did not happen', times + warmUp(times) + 1 - dials.dialled),
    none('results that did not come', 3 * dials.dialled - results),
    none('timers more than before', after.timers - before.timers),
    none('subscribers more than before', after.subscribers - before.subscribers),
    none('subscriptions more than before', after.subscriptions - before.subscriptions),
    none('Observables more than before', after.observables - before.observables),
    none('timers after the last unsubscribe', time.timers()),
  ];
}

function repeat(
  times: number,
  short: boolean,
  dials: FriendlyDials,
  { advance, timers }: VirtualTime,
) {
  const count = () => ({
    timers: timers(),
    subscribers: living(Subscriber),
    subscriptions: living(Subscription),
    observables: living(Observable),
  });
  const once = (n: number) => {
    losses[n % losses.length]?.(dials.peer);
    advance(between);
  };
  advance(between);
  // until everything has run as often as it takes to be optimised
  for (let n = 0; n < warmUp(times); n += 1) once(n);
  const heap = recordHeap(times, short);
  const before = count();
  heap.after(0);
  for (let n = 1; n <= times; n += 1) {
    once(n);
    heap.after(n);
  }
  return { perTime: heap.perTime, before, after: count() };
}

const warmUp = (times: number) => Math.max(250, times / 10);

/** A client that does nothing but to dial again. */
function dialByHand({ webSocketImpl }: FriendlyDials, dialling: () => void = () => {}): void {
  const dial = () => {
    dialling();
    const raw = new webSocketImpl('ws://peer/graphql', ['graphql-transport-ws']);
    raw.onmessage = ({ data }: { data: unknown }) => {
      if (data === 'not JSON') raw.close(4400);
    };
    raw.onclose = () => asyncScheduler.schedule(dial, 1_000);
  };
  dial();
}

function living(kind: object): number {
  // the types of Node 20 leave it open whether it counts; and know of no class with parameters
  return Number(queryObjects(kind as never));
}
