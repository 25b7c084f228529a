import type { Recording } from './parse-recording.js';
import type { Playback } from './playback.js';
import type { RecordedAttempt } from './recorded-attempt.js';
import type { Scene } from './scene.js';
import { toScene } from './to-scene.js';

/** What becomes of a dial, after so many ms: it opens, or it fails. */
export type DialPlan = { readonly after: number } & (
  | { readonly scene: Scene }
  | {
      readonly failure: string;
      /** Whether there is no record of it. */
      readonly over: boolean;
    }
);

/**
 * Plans the dials to come.
 *
 * @param recording - whose attempts are played, one for each dial
 * @param playback - how
 * @returns the plan for the next dial
 */
export function planDials({ attempts }: Recording, { speed, loop }: Playback): () => DialPlan {
  const plans = attempts.map((attempt) => planOf(attempt, speed));
  let dials = 0;
  return () => {
    const plan = plans[loop ? dials % plans.length : dials];
    dials += 1;
    if (plan) return plan;
    const count = plans.length === 1 ? '1 attempt' : `${plans.length} attempts`;
    const failure = `the recording has ${count}, and this is dial ${dials}`;
    return { after: 0, failure, over: true };
  };
}

function planOf(attempt: RecordedAttempt, speed: number): DialPlan {
  const { dialledAt, openedAt, subprotocol } = attempt;
  const after = (openedAt - dialledAt) / speed;
  return subprotocol === undefined
    ? { after, failure: 'this dial failed in the recording', over: false }
    : { after, scene: toScene(attempt, subprotocol) };
}
