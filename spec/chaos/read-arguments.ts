import { parseArgs } from 'node:util';
import { readNumber } from '../helpers/read-number.js';
import { directions, type Direction } from './inject.js';
import { sabotages, type Sabotage } from './programs.js';
import type { Request } from './scenario.js';
import { scenarios, type ScenarioName } from './scenarios.js';
import { faultKinds, type FaultKind } from './schedule.js';

/** What the command line asks for. */
export interface Arguments extends Omit<Request, 'tell'> {
  readonly names: readonly ScenarioName[];
  /** A file for all that was found. */
  readonly json: string | undefined;
  readonly quiet: boolean;
}

/** @throws Error - an argument that is unknown or wrong */
export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '120' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string', default: faultKinds.join(',') },
      legacy: { type: 'boolean', default: false },
      repeat: { type: 'string', default: '1' },
      'loss-seconds': { type: 'string', default: '60' },
      loss: { type: 'string', default: 'in,out' },
      sabotage: { type: 'string' },
      json: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    },
  });
  const all = Object.keys(scenarios) as readonly ScenarioName[];
  const { sabotage } = values;
  return {
    names:
      positionals.length === 0 ? all : positionals.map((name) => oneOf('a scenario', all, name)),
    seconds: readNumber('--seconds', values.seconds, 'a number above 0'),
    seed: readNumber('--seed', values.seed, 'a whole number'),
    kinds: values.only.split(',').map((kind) => oneOf<FaultKind>('--only', faultKinds, kind)),
    legacy: values.legacy,
    repeat: readNumber('--repeat', values.repeat, 'a whole number above 0'),
    losses: values.loss
      .split(',')
      .map((direction) => oneOf<Direction>('--loss', directions, direction)),
    lossSeconds: readNumber('--loss-seconds', values['loss-seconds'], 'a number above 0'),
    sabotage:
      sabotage === undefined ? undefined : oneOf<Sabotage>('--sabotage', sabotages, sabotage),
    json: values.json,
    quiet: values.quiet,
  };
}

function oneOf<T extends string>(what: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Error(`${what} is one of ${known.join(', ')}, not ${JSON.stringify(text)}`);
}
