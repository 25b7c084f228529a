import { performance } from 'node:perf_hooks';
import type { Lane } from './lanes.js';
import { nameOf, rxjsVersions } from './lanes.js';
import { prepare, runLane } from './run-lane.js';

/** A lane takes one core most of the time. */
const atOnce = 2;

/** Runs lanes, and prints the table of their verdicts. Resolves with whether all are as they should be. */
export async function runMatrix(lanes: readonly Lane[]): Promise<boolean> {
  const [oldest, newest] = rxjsVersions;
  const installed = { [oldest]: prepare(oldest), [newest]: prepare(newest) };
  const verdicts = new Map<Lane, { verdict: string; seconds: number }>();
  const waiting = [...lanes];
  const work = async () => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
      const begun = performance.now();
      const failure = await runLane(lane, installed[lane.rxjs]).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (failure !== undefined) console.error(`${nameOf(lane)}: ${failure}`);
      const seconds = Number(((performance.now() - begun) / 1_000).toFixed(1));
      verdicts.set(lane, { verdict: failure === undefined ? 'ok' : 'FAILED', seconds });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const table = lanes.map((lane) => {
    const {
      runtime,
      modules,
      webSocket,
      rxjs,
      bundler = '',
      compiler = '',
      resolution = '',
    } = lane;
    const columns = { runtime, modules, webSocket, rxjs, bundler, compiler, resolution };
    return [nameOf(lane), { ...columns, ...verdicts.get(lane) }];
  });
  console.table(Object.fromEntries(table));
  const failed = [...verdicts.values()].filter(({ verdict }) => verdict !== 'ok').length;
  // as mocha words it: .ci/run sums these lines
  console.log(`  ${lanes.length - failed} passing\n  ${failed} failing`);
  return failed === 0;
}
