import { parseArgs } from 'node:util';
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
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
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
    names: positionals.length === 0 ? all : positionals.map((name) => oneOf(all, name)),
    seconds: positive('seconds', values.seconds),
    seed: positive('seed', values.seed),
    kinds: values.only.split(',').map((kind) => oneOf<FaultKind>(faultKinds, kind)),
    legacy: values.legacy,
    repeat: positive('repeat', values.repeat),
    losses: values.loss.split(',').map((direction) => oneOf<Direction>(directions, direction)),
    lossSeconds: positive('loss-seconds', values['loss-seconds']),
    sabotage: sabotage === undefined ? undefined : oneOf<Sabotage>(sabotages, sabotage),
    json: values.json,
    quiet: values.quiet,
  };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new Error(`unknown: ${text}. There are ${known.join(', ')}`);
  return found;
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number >= 0 && text !== '') return number;
  throw new Error(`expected a number for --${name}, got ${text}`);
}
