import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientLine } from './log-line.js';
import type { Feed } from './feed.js';
import type { Network } from './network.js';
import type { Fault, FaultKind } from './schedule.js';
import type { Program } from './start-program.js';

/** What faults are done to. */
export interface Victims {
  readonly network: Network;
  readonly feed: Feed;
  readonly clients: Program<ClientLine>;
}

type Injection = (victims: Victims, fault: Fault) => Promise<unknown>;

const injections: Readonly<Record<FaultKind, Injection>> = {
  async kill({ feed }, { lasts }) {
    feed.kill();
    await sleep(lasts);
    await feed.restart();
  },
  async 'black-hole'({ network }, { lasts }) {
    await dropAll(network);
    await sleep(lasts);
  },
  async 'drop-in'({ network }, { lasts }) {
    await network.arriving('client', 'drop');
    await sleep(lasts);
  },
  async 'drop-out'({ network }, { lasts }) {
    await network.arriving('server', 'drop');
    await sleep(lasts);
  },
  async reset({ network }, { lasts }) {
    await network.arriving('server', 'meta l4proto tcp reject with tcp reset');
    await sleep(lasts);
  },
  async 'stop-server'({ feed }, { lasts }) {
    feed.signal('SIGSTOP');
    await sleep(lasts);
    feed.signal('SIGCONT');
  },
  async 'stop-client'({ clients }, { lasts }) {
    clients.signal('SIGSTOP');
    await sleep(lasts);
    clients.signal('SIGCONT');
  },
  async loss({ network }, { lasts, percent }) {
    await loseRandomly(network, percent, 'both');
    await sleep(lasts);
  },
  async bandwidth({ network }, { lasts }) {
    await Promise.all([network.limit('server', 64), network.limit('client', 64)]);
    await sleep(lasts);
  },
  async flap({ network }, { lasts, times }) {
    for (let time = 0; time < times; time += 1) {
      await network.link('client', 'down');
      await sleep(lasts / times / 2);
      await network.link('client', 'up');
      await sleep(lasts / times / 2);
    }
  },
};

/** Injects a fault, and heals it when its time is over. */
export async function inject(victims: Victims, fault: Fault): Promise<void> {
  await injections[fault.kind](victims, fault);
  await victims.network.heal();
}

/** Drops all packets in both directions. */
export async function dropAll(network: Network): Promise<void> {
  await Promise.all([network.arriving('server', 'drop'), network.arriving('client', 'drop')]);
}

/** A direction, as the client sees it. */
export const directions = ['in', 'out', 'both'] as const;
export type Direction = (typeof directions)[number];

/** Loses `percent` of the packets. */
export async function loseRandomly(
  network: Network,
  percent: number,
  direction: Direction,
): Promise<void> {
  const rule = `numgen random mod 100 < ${percent} drop`;
  if (direction !== 'out') await network.arriving('client', rule);
  if (direction !== 'in') await network.arriving('server', rule);
}
