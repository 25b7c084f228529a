import { compilePrograms } from '../helpers/measure/compile-programs.js';

/** Compiles the programs of this folder. Returns where they are, until this process ends. */
export function compile(): Promise<string> {
  return compilePrograms('spec/load', [
    'run-scenario',
    'operations-sample',
    'throughput-sample',
    'feed/feed-server',
    'storm-clients',
  ]);
}
