import type fc from 'fast-check';
import { checkInvariants } from './invariants.js';
import type { Model } from './model.js';
import type { World } from './world.js';

export type Command = fc.Command<Model, World>;

/** A command; what it does is followed by a check of everything. It always runs: where there is nothing to act on something else happens. */
export function command(name: string, act: (model: Model, real: World) => unknown): Command {
  return {
    check: () => true,
    run(model, real) {
      real.note(`── ${name}`);
      act(model, real);
      checkInvariants(model, real);
    },
    toString: () => name,
  };
}
