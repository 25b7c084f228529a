import fc from 'fast-check';
import { config } from 'rxjs';
import { seededRandom } from '../../lib/testing/server/seeded-random.js';
import { createClock } from './clock.js';
import { command, type Command } from './commands.js';
import { heal, settle } from './heal.js';
import { anyScript, type Script } from './scripts.js';
import { createPage } from './page.js';
import { createWorld, type Surroundings } from './world.js';

/** The shortest list that still fails, found by leaving out ever smaller parts. */
function minimise<T>(list: readonly T[], fails: (shorter: readonly T[]) => boolean): readonly T[] {
  let shortest = list;
  for (let size = Math.ceil(list.length / 2); size >= 1;) {
    const before = shortest.length;
    for (let from = 0; from < shortest.length;) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      if (fails(shorter)) shortest = shorter;
      else from += size;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (shortest.length === before) break;
  }
  return shortest;
}

/** What to simulate, and from where. */
export interface SimulationOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of a failure, to replay it alone. */
  readonly path?: string | undefined;
}

export interface SimulationReport {
  readonly runs: number;
  /** Commands executed in all runs. */
  readonly commands: number;
  readonly seconds: number;
  /** How to replay the failure, its shortest list of commands, and what happens; undefined when there is none. */
  readonly failure: string | undefined;
}

/** Runs scripts of random commands against the library in virtual time; the same seed gives the same runs. */
export function simulate({ runs, seed, path }: SimulationOptions): SimulationReport {
  const surroundings = { clock: createClock(), page: createPage() };
  const random = Math.random;
  const started = process.hrtime.bigint();
  let executed = 0;
  try {
    const details = fc.check(
      fc.property(anyScript, (script) => {
        executed += play(script, surroundings);
      }),
      { numRuns: runs, seed, ...(path !== undefined && { path }), endOnFailure: true },
    );
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const [script] = details.counterexample ?? [];
    const failure =
      script &&
      tell(
        script,
        surroundings,
        String(details.errorInstance),
        `SIMULATION_SEED=${seed} SIMULATION_PATH=${String(details.counterexamplePath)}`,
      );
    return { runs: details.numRuns, commands: executed, seconds, failure };
  } finally {
    surroundings.clock.release();
    surroundings.page.install(false);
    Math.random = random;
    config.onUnhandledError = null;
  }
}

/** One run, and at its end recovery and departure. Returns how many commands were executed. */
function play({ settings, commands }: Script, surroundings: Surroundings, note = ignore): number {
  surroundings.clock.reset();
  Math.random = seededRandom(settings.seed);
  fc.modelRun(() => createWorld(settings, surroundings, note), [...commands, recovery, departure]);
  return commands.length;
}

const ignore: (text: string) => void = () => undefined;
const recovery = command('at the end: the server recovers', heal);
const departure = command('at the end: all unsubscribe', settle);

/** The shortest list of commands that still fails, and what happens when it is run; `first` is the error that the run itself ended with. */
function tell(script: Script, surroundings: Surroundings, first: string, replay: string): string {
  const fails = (commands: readonly Command[]) =>
    errorOf({ ...script, commands }, surroundings) !== undefined;
  const commands = minimise(script.commands, fails);
  const events: string[] = [];
  const error = errorOf({ ...script, commands }, surroundings, (text) => events.push(text));
  const again = error ?? 'it did not fail when played again by itself';
  return [
    `replay: ${replay}`,
    first,
    ...(again === first ? [] : [`played again, for what is below: ${again}`]),
    `settings: ${JSON.stringify(script.settings)}`,
    `commands (${commands.length} of ${script.commands.length}): ${commands.join('; ')}`,
    ...events,
  ].join('\n');
}

function errorOf(
  script: Script,
  surroundings: Surroundings,
  note?: (text: string) => void,
): string | undefined {
  try {
    play(script, surroundings, note);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
