import { asyncScheduler } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { readSeed } from '../../helpers/read-number.js';
import { virtually, type VirtualTime } from '../../helpers/virtually.js';
import { figure, none, type Figure, type Scenario } from '../figure.js';
import { friendlyDials, type FriendlyDials } from '../friendly-dials.js';

const hour = 3_600_000;
const legacy = 'graphql-ws';
const current = 'graphql-transport-ws';

interface Day {
  readonly name: string;
  readonly subprotocol: string;
  /** ms between the server's heartbeats, ± 20 %; without it there are none. */
  readonly beat?: number;
  /** ms after its death within which the peer is given up, and dialled again. */
  readonly noticedWithin: number;
}

/** What a learnt cadence comes to: three of the longest interval, ten seconds at least; and the new dial. */
const learnt = (beat: number) => 1.1 * Math.max(10_000, 3 * 1.2 * beat) + 1_000;

const days: readonly Day[] = [
  { name: 'pings that are answered', subprotocol: current, noticedWithin: 36_000 },
  {
    name: 'the same, and a pong of the server’s own each 15 s',
    subprotocol: current,
    beat: 15_000,
    noticedWithin: learnt(15_000),
  },
  ...[5_000, 15_000, 30_000].map((beat) => ({
    name: `legacy, a ka each ${beat / 1_000} s`,
    subprotocol: legacy,
    beat,
    noticedWithin: learnt(beat),
  })),
];

/** A day of a healthy stream on which nothing happens, in virtual time; then the peer dies, which must be noticed. */
export const quietDay: Scenario = async ({ short }) => {
  const seed = readSeed('SEED');
  const figures = [figure('SEED', seed)];
  for (const day of days)
    virtually((time) => figures.push(...live(day, short ? 2 : 24, seed, time)))();
  return Promise.resolve(figures);
};

function live(
  { name, subprotocol, beat, noticedWithin }: Day,
  hours: number,
  seed: number,
  { advance }: VirtualTime,
): readonly Figure[] {
  const dials = friendlyDials(subprotocol);
  const { webSocketImpl } = dials;
  const socket = graphqlSocket({ url: 'ws://peer/graphql', webSocketImpl });
  const stream = socket.subscribe$('subscription { price }').subscribe();
  advance(1_000);
  const heart = beat === undefined ? undefined : beatEvery(beat, dials, seed);
  advance(hours * hour);
  const deaths = dials.dialled - 1;

  heart?.stop();
  dials.die();
  advance(noticedWithin);
  const noticed = dials.dialled - 1 - deaths;
  stream.unsubscribe();
  socket.close();
  return [
    none(`${name}: false deaths in ${hours} h`, deaths),
    none(`its true death not noticed in ${noticedWithin / 1_000} s`, noticed === 0),
  ];
}

function beatEvery(period: number, dials: FriendlyDials, seed: number) {
  const random = seededRandom(seed);
  let stopped = false;
  const next = () => {
    const jittered = period * (0.8 + 0.4 * random());
    asyncScheduler.schedule(() => {
      if (stopped) return;
      dials.peer.ka();
      next();
    }, jittered);
  };
  next();
  return {
    stop() {
      stopped = true;
    },
  };
}
