import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { figure, type Scenario } from '../figure.js';
import { programs } from '../start-feed.js';
import { upgradeServer } from '../../helpers/net/upgrade-server.js';
import { runChild } from '../../helpers/measure/run-child.js';
import { sum } from '../../helpers/measure/statistics.js';
import type { StormDials } from '../storm.program.js';

const processes = 2;

/** A server with many clients restarts: how they come back. */
export const storm: Scenario = async ({ short }) => {
  const clients = short ? 20 : 200;
  const down = short ? 500 : 5_000;
  const first = await listen(0);
  const children = Array.from({ length: processes }, () =>
    runChild(join(programs, 'storm.program'), [first.url, String(clients)]),
  );
  await Promise.all(children.map((child) => child.answer()));
  const stoppedAt = Date.now();
  const back = children.map((child) => child.answer());
  await first.stop();
  await delay(down);
  const second = await listen(first.port);
  await Promise.all(back);
  const backAfter = Date.now() - stoppedAt - down;
  const dials = (
    await Promise.all(children.map((child) => child.ask<StormDials>({ command: 'tell' })))
  ).flat();
  await second.stop();

  const redials = dials.flat().filter((at) => at >= stoppedAt);
  const inSecond = new Map<number, number>();
  for (const at of redials) {
    const second = Math.floor((at - stoppedAt) / 1_000);
    inSecond.set(second, (inSecond.get(second) ?? 0) + 1);
  }
  const histogram = [...inSecond].sort(([a], [b]) => a - b).map(([, count]) => count);
  const beyond = Math.max(...dials.map(excess));
  const what = `${processes * clients} clients, down for ${down / 1_000} s`;
  return [
    // a timer may be a millisecond early, by rounding
    figure(`${what}: dials of one beyond 3 + 1 a second`, beyond, '', 0.01),
    ...histogram.map((value, second) => figure(`dials in second ${second + 1}`, value)),
    figure('share of the busiest second', Math.max(...histogram) / sum(histogram)),
    figure('all are back, after the server', backAfter / 1_000, 's'),
  ];
};

/** The greatest number of dials in any window of t seconds, beyond 3 + t. */
function excess(dials: readonly number[]): number {
  let greatest = -3;
  dials.forEach((from, first) => {
    for (let last = first; last < dials.length; last += 1) {
      const beyond = last - first + 1 - 3 - (dials[last]! - from) / 1_000;
      greatest = Math.max(greatest, beyond);
    }
  });
  return greatest;
}

function listen(port: number) {
  return upgradeServer(
    (socket) => socket.once('message', () => socket.send('{"type":"connection_ack"}')),
    { port },
  );
}
