import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { programs } from '../feed/start-feed.js';
import type { Scenario } from '../figure.js';
import { runChild } from '../../helpers/measure/run-child.js';
import { sum } from '../../helpers/measure/statistics.js';
import type { StormDials } from '../storm-clients.js';

const processes = 2;

/** A server with many clients restarts: how they come back. */
export const storm: Scenario = async ({ short }) => {
  const clients = short ? 20 : 200;
  const down = short ? 500 : 5_000;
  const first = await listen(0);
  const url = `ws://127.0.0.1:${first.port}/graphql`;
  const children = Array.from({ length: processes }, () =>
    runChild(join(programs, 'storm-clients'), [url, String(clients)]),
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
  const information = histogram.map((value, second) => ({
    what: `dials in second ${second + 1}`,
    value,
    unit: '',
  }));
  return [
    {
      what: `${processes * clients} clients, down for ${down / 1_000} s: dials of one beyond 3 + 1 a second`,
      value: Math.max(...dials.map(excess)),
      unit: '',
      // a timer that is a millisecond early, by rounding
      limit: 0.01,
    },
    ...information,
    {
      what: 'share of the busiest second',
      value: Math.max(...histogram) / sum(histogram),
      unit: '',
    },
    { what: 'all are back, after the server', value: backAfter / 1_000, unit: 's' },
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

async function listen(port: number) {
  const server = new WebSocketServer({ port, host: '127.0.0.1', backlog: 1_000 });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.once('message', () => {
      socket.send('{"type":"connection_ack"}');
    });
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const client of server.clients) client.terminate();
      await closed;
    },
  };
}
