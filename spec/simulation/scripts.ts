import fc from 'fast-check';
import { clientCommands, lastCommands } from './client-commands.js';
import type { Command } from './commands.js';
import { anyLateEvent } from './late-events.js';
import { anyPageEvent } from './page-commands.js';
import { moods, serverCommands } from './server-commands.js';
import { anySettings, type Settings } from './settings.js';

/** One run. */
export interface Script {
  readonly settings: Settings;
  readonly commands: readonly Command[];
}

/** Commands of a run, besides the last ones. */
const fewest = 40;
const most = 60;
/** Of what comes after `close()`. */
const mostAfter = 5;

const everyday = [
  ...clientCommands,
  ...serverCommands,
  { weight: 3, arbitrary: anyLateEvent },
  { weight: 3, arbitrary: anyPageEvent },
];

const anyEnding = fc.option(
  fc.tuple(fc.oneof(...lastCommands), fc.array(fc.oneof(...everyday), { maxLength: mostAfter })),
  { freq: 3 },
);

const inMood = (mood: (typeof moods)[number]): fc.Arbitrary<Script> => {
  const anyCommand = fc.oneof(...everyday, ...mood);
  const anyCommands = fc.array(anyCommand, { minLength: fewest, maxLength: most, size: 'max' });
  const commands = fc
    .tuple(anyCommands, anyEnding)
    .map(([before, ending]) => (ending ? [...before, ending[0], ...ending[1]] : before));
  return fc.record({ settings: anySettings, commands });
};

/** At least forty commands, against a server of one mood or another. */
export const anyScript: fc.Arbitrary<Script> = fc.oneof(...moods.map(inMood));
