import { seededRandom } from 'rx-graphql-ws/testing/server';
import type { Cell } from './account.js';
import { faults, planTour } from './faults.js';
import { createLanes, titles, type Lanes } from './lanes.js';
import { startServer, type DemoServer } from './server.js';
import type { DemoOptions, Wait } from './view.js';
import { createView, isPerfect, picture, table } from './view.js';

/** Shows both clients in the terminal. Returns the exit code. */
export async function compare({ seconds, seed, output }: DemoOptions, wait: Wait): Promise<number> {
  const [pace, every] = [seconds / 60, 100];
  const server = await startServer(every, seed, pace);
  const { print, paint } = createView(output);
  const begun = Date.now();
  const elapsed = () => Date.now() - begun;
  const say = (text: string) => print(`${(elapsed() / 1_000).toFixed(1).padStart(5)} s  ${text}`);
  const cells = { naive: new Map<number, Cell>(), ours: new Map<number, Cell>() };
  const lanes = createLanes({
    ...{ url: server.url, strike: server.strike, pace, every },
    cell: (lane, block, cell) => cells[lane].set(block, cell),
    state: (lane, text) => /ing$|idle/.test(text) || say(`  ${titles[lane]}: ${text}`),
  });
  const ticking = setInterval(() => {
    const state = server.state();
    const width = Math.max(20, output.columns ?? 80) - 1;
    lanes.tick(state);
    paint(lanes.both.flatMap((lane) => picture(lane, cells[lane.name], state.block, width)));
  }, 200);
  try {
    for (const { at, fault } of planTour(seededRandom(seed))) {
      await wait(at * pace - elapsed());
      say(`${faults[fault].title}: ${faults[fault].text}`);
      lanes.act(fault);
    }
    await wait(seconds * 1_000 - elapsed());
    clearInterval(ticking);
    paint([]);
    await leave(lanes, server, wait);
    for (const line of ['', ...table(lanes.both)]) print(line);
    return isPerfect(lanes.ours) ? 0 : 1;
  } finally {
    clearInterval(ticking);
    lanes.close();
    await server.stop();
  }
}

/** Both clients leave. Whatever is on its way counts, on a busy machine, too. */
async function leave(lanes: Lanes, server: DemoServer, wait: Wait): Promise<void> {
  const last = server.state();
  const isDone = (isIt: () => boolean) => {
    lanes.tick({ ...last, billed: server.state().billed }, true);
    return isIt();
  };
  const until = async (isIt: () => boolean) => {
    for (let left = 150; left > 0 && !isDone(isIt); left -= 1) await wait(100);
  };
  await wait(500);
  await until(() => lanes.ours.account.totals().missing === 0);
  lanes.leave();
  await until(() => lanes.ours.billed === 0);
}
