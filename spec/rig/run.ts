// All rigs: node --import tsx spec/rig/run.ts <rig> <argument> …
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { oneOf, readNumber, readSeed } from '../helpers/read-number.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ readonly options: O; readonly allowPositionals: true }>
>['values'];

interface Rig<O extends Options, Asked> {
  readonly usage: string;
  readonly options: O;
  /** Throws where an argument is wrong. */
  read(values: Values<O>, names: readonly string[]): Asked | Promise<Asked>;
  /** Resolves with whether all was as it should be. */
  run(asked: Asked): Promise<boolean>;
}

/** Hides what the options of one rig are from those of the others. */
const rig =
  <O extends Options, Asked>({ usage, options, read, run }: Rig<O, Asked>) =>
  async (args: string[]): Promise<boolean> => {
    if (args.includes('--help') || args.includes('-h')) {
      console.log(usage);
      return true;
    }
    let asked: Asked;
    try {
      const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
      asked = await read(values, positionals);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      console.error(usage);
      process.exit(2);
    }
    return run(asked);
  };

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const list = { type: 'string', multiple: true, default: [] as string[] } as const;

function expectNoMore(names: readonly string[]): void {
  if (names.length > 0) throw new Error(`unknown: ${names.join(' ')}`);
}

const rigs: Readonly<Record<string, (args: string[]) => Promise<boolean>>> = {
  simulate: rig({
    usage: `usage: npm run simulate -- [<runs>] [<seed>]
  SIMULATION_SEED is the seed without one`,
    options: {},
    read(_, [runs = '20000', seed, ...more]) {
      expectNoMore(more);
      return {
        runs: readNumber('runs', runs, 'a whole number above 0'),
        seed: readSeed('SIMULATION_SEED', seed),
      };
    },
    run: async (asked) => (await import('../simulation/run.js')).runSimulation(asked),
  }),
  fuzz: rig({
    usage: `usage: npm run fuzz -- [<seconds>]
  FUZZ_MS replaces the time, FUZZ_SEED is the seed, and FUZZ_PATH that of a failure`,
    options: {},
    read(_, [seconds = '300', ...more]) {
      expectNoMore(more);
      return readNumber('seconds', seconds, 'a number above 0') * 1_000;
    },
    run: async (ms) => (await import('../fuzz/run.js')).runFuzz(ms),
  }),
  recovery: rig({
    usage: `usage: npm run recovery -- [--seconds <s>] [--renewals <n>] [--kills <n>] [--runs <n>] [--seed <n>]
  --seconds  how long real servers drop connections: 60 otherwise
  --renewals of a socket, on each of them: 60 otherwise
  --kills    of a process that stores its cursor: 50 otherwise
  --runs     of the model: 5000 otherwise; --seed is that of the first, else RECOVERY_SEED`,
    options: {
      seconds: { type: 'string', default: '60' },
      renewals: { type: 'string', default: '60' },
      kills: { type: 'string', default: '50' },
      runs: text,
      seed: text,
    },
    read({ seconds, renewals, kills, runs = '5000', seed }, names) {
      expectNoMore(names);
      return {
        seconds: readNumber('--seconds', seconds, 'a number above 0'),
        renewals: readNumber('--renewals', renewals, 'a whole number above 0'),
        kills: readNumber('--kills', kills, 'a whole number above 0'),
        runs: readNumber('--runs', runs, 'a whole number above 0'),
        seed: readSeed('RECOVERY_SEED', seed),
      };
    },
    run: async (asked) => (await import('../recovery/run.js')).runRecovery(asked),
  }),
  faults: rig({
    usage: 'usage: npm run faults -- [--only] [<id>|<number>|transient] … [--clients ours|all]',
    options: { only: list, clients: { type: 'string', default: 'ours' } },
    async read({ only, clients }, names) {
      const { rowsOf } = await import('../faults/choose-rows.js');
      return {
        rows: rowsOf([...only, ...names]),
        clients: oneOf('--clients', ['ours', 'all'], clients),
      };
    },
    run: async (asked) => (await import('../faults/run.js')).runTable(asked),
  }),
  load: rig({
    usage: `usage: npm run load -- [--only] [<scenario>] … [--short] [--json]
  SEED is that of the quiet days`,
    options: { only: list, short: flag, json: flag },
    async read({ only, ...values }, names) {
      const { scenarios } = await import('../load/scenarios.js');
      const [all, asked] = [Object.keys(scenarios), [...only, ...names]];
      const chosen = asked.map((name) => oneOf('a scenario', all, name));
      return { ...values, names: chosen.length > 0 ? [...new Set(chosen)] : all };
    },
    run: async (asked) => (await import('../load/run.js')).runLoad(asked),
  }),
  bench: rig({
    usage: `usage: npm run bench -- [<workload>] … [--pairs <n>] [--json <file>] [--markdown <file>] [--from <file>] [--check] [--profile <folder>]
  <workload>   one or more by name, or by the beginning of names: throughput, audit-1k, …; all of them otherwise
  --pairs      rounds before a look at the figures: 10 otherwise; what has no target, or takes long, has fewer.
               While a target is undecided there are as many again, and another look: three looks at most
  --json       writes all figures to a file, or to the standard output with "-"
  --markdown   writes the tables between <!-- bench:begin --> and <!-- bench:end --> of a document; they are those of all workloads
  --from       takes the figures from a file that --json wrote, and measures nothing
  --check      ends with 1 when a target is missed; one that stays undecided is told, and is no failure
  --profile    has the measured processes write CPU profiles; what they measure is then worth little`,
    options: {
      pairs: { type: 'string', default: '10' },
      json: text,
      markdown: text,
      from: text,
      check: flag,
      profile: text,
    },
    async read({ pairs, ...values }, names) {
      const { choose } = await import('../bench/choose.js');
      const count = readNumber('--pairs', pairs, 'a whole number above 0');
      return { ...choose({ ...values, names }), pairs: count };
    },
    run: async (asked) => (await import('../bench/run.js')).runBench(asked),
  }),
  'test:matrix': rig({
    usage: 'usage: npm run test:matrix -- [<lane>] …',
    options: {},
    async read(_, asked) {
      const { lanes, nameOf } = await import('../matrix/lanes.js');
      for (const name of asked) oneOf('a lane', lanes.map(nameOf), name);
      return lanes.filter((lane) => asked.length === 0 || asked.includes(nameOf(lane)));
    },
    run: async (asked) => (await import('../matrix/run.js')).runMatrix(asked),
  }),
  'test:chaos': rig({
    usage:
      'usage: npm run test:chaos -- [<scenario>] … [--seconds <s>] [--seed <n>] [--only <kind>,…] [--legacy] [--repeat <n>] [--loss in,out] [--loss-seconds <s>] [--sabotage <name>] [--json <file>] [--quiet]',
    options: {
      seconds: { type: 'string', default: '120' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: text,
      legacy: flag,
      repeat: { type: 'string', default: '1' },
      'loss-seconds': { type: 'string', default: '60' },
      loss: { type: 'string', default: 'in,out' },
      sabotage: text,
      json: text,
      quiet: flag,
    },
    async read({ seconds, seed, repeat, only, loss, sabotage, ...values }, names) {
      const { directions, faultKinds, sabotages, scenarios } = await import('../chaos/choices.js');
      const all = Object.keys(scenarios) as (keyof typeof scenarios)[];
      const chosen = names.map((name) => oneOf('a scenario', all, name));
      const kinds = only?.split(',').map((kind) => oneOf('--only', faultKinds, kind));
      return {
        ...values,
        names: chosen.length > 0 ? chosen : all,
        seconds: readNumber('--seconds', seconds, 'a number above 0'),
        seed: readNumber('--seed', seed, 'a whole number'),
        kinds: kinds ?? faultKinds,
        repeat: readNumber('--repeat', repeat, 'a whole number above 0'),
        losses: loss.split(',').map((way) => oneOf('--loss', directions, way)),
        lossSeconds: readNumber('--loss-seconds', values['loss-seconds'], 'a number above 0'),
        sabotage: sabotage === undefined ? undefined : oneOf('--sabotage', sabotages, sabotage),
      };
    },
    run: async (asked) => (await import('../chaos/run.js')).runChaos(asked),
  }),
};

const [name = '', ...args] = process.argv.slice(2);
const start = rigs[oneOf('a rig', Object.keys(rigs), name)]!;
// what a rig left behind must not keep this process
process.exit((await start(args)) ? 0 : 1);
