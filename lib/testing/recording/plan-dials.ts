import { isBoolean, must } from '../check.js';
import { show } from '../show.js';
import { readAttempts } from './attempts.js';
import type { Recording } from './recording.js';
import type { Scene } from './scene.js';

/** Options of every replay. */
export interface PlaybackOptions {
  /** How many times faster than the recording. `Infinity` leaves out all pauses. @defaultValue 1 */
  readonly speed?: number | undefined;
  /** Whether the recording begins anew after its end. @defaultValue false */
  readonly loop?: boolean | undefined;
}

/** The fate of a dial, after so many ms: it opens, or it fails. `over` means that the recording has no such dial. */
export type DialPlan = { readonly after: number } & (
  { readonly scene: Scene } | { readonly failure: string; readonly over: boolean }
);

const isSpeed = (value: unknown) => typeof value === 'number' && value > 0;

export const playbackChecks = {
  speed: must('a number > 0', isSpeed, show),
  loop: must('a boolean', isBoolean, show),
};

export function planDials(recording: Recording, { speed = 1, loop = false }: PlaybackOptions) {
  const plans = readAttempts(recording).map(({ dialledAt, openedAt, scene }): DialPlan => {
    const after = (openedAt - dialledAt) / speed;
    return scene
      ? { after, scene }
      : { after, failure: 'this dial failed in the recording', over: false };
  });
  let dials = 0;
  return (): DialPlan => {
    const plan = plans[loop ? dials % plans.length : dials];
    dials += 1;
    if (plan) return plan;
    const count = plans.length === 1 ? '1 attempt' : `${plans.length} attempts`;
    const failure = `the recording has ${count}, and this is dial ${dials}`;
    return { after: 0, failure, over: true };
  };
}
