import { isSyntaxError } from './describe-error.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import { plural, type Progress } from './progress.js';
import type { OperationPlan } from './plan-operation.js';
import { inSeconds } from './status-line.js';

/** The reason of the end. `gone`: nobody reads standard output any more. */
export type Ending =
  | { readonly type: 'completed' | 'over' | 'interrupted' | 'gone' }
  | { readonly type: 'failed'; readonly error: unknown };

/** The exit code, and the line about a time that is over in vain. */
interface Verdict {
  readonly code: number;
  readonly complaint?: string;
}

/** Judges the end of a run. */
export function judge(
  ending: Ending,
  progress: Progress,
  plan: Pick<OperationPlan, 'take' | 'within' | 'request'>,
): Verdict {
  switch (ending.type) {
    case 'failed':
      return isSyntaxError(ending.error, plan.request.query)
        ? { code: exitCode.failed }
        : { code: exitCodeOf(ending.error) };
    case 'completed':
      return { code: progress.failures > 0 ? exitCode.failed : exitCode.done };
    case 'over':
      return judgeTime(progress, plan);
    default:
      return { code: exitCode.done };
  }
}

/** The time is over: that is a failure for a number of results that was not reached, and without a connection. */
function judgeTime(
  { results, connections, lastFailure }: Progress,
  { take, within = 0 }: Pick<OperationPlan, 'take' | 'within'>,
): Verdict {
  const reason = lastFailure === undefined ? '' : `; last failure: ${lastFailure}`;
  const time = inSeconds(within) + reason;
  if (take !== undefined) {
    const complaint = `rxgql: ${plural(results, 'result')} of ${take} within ${time}`;
    return { code: exitCode.deadline, complaint };
  }
  if (connections > 0) return { code: exitCode.done };
  return { code: exitCode.unreachable, complaint: `rxgql: no connection within ${time}` };
}
