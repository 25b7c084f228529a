import { compilePrograms } from '../helpers/measure/compile-programs.js';

/** Compiles the programs of this folder. Returns where they are, until this process ends. */
export function compile(): Promise<string> {
  return compilePrograms('spec/bench', ['run-sample', 'server/bench-server']);
}
