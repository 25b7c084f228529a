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
export function judge(
  ending: Ending,
  { results, connections, failures, lastFailure }: Progress,
  { take, within = 0, request }: Pick<OperationPlan, 'take' | 'within' | 'request'>,
): { readonly code: number; readonly complaint?: string } {
  switch (ending.type) {
    case 'failed':
      return {
        code: isSyntaxError(ending.error, request.query)
          ? exitCode.failed
          : exitCodeOf(ending.error),
      };
    case 'completed':
      return { code: failures > 0 ? exitCode.failed : exitCode.done };
    case 'over': {
      const reason = lastFailure === undefined ? '' : `; last failure: ${lastFailure}`;
      const time = inSeconds(within) + reason;
      if (take !== undefined) {
        const complaint = `rxgql: ${plural(results, 'result')} of ${take} within ${time}`;
        return { code: exitCode.deadline, complaint };
      }
      if (connections > 0) return { code: exitCode.done };
      return { code: exitCode.unreachable, complaint: `rxgql: no connection within ${time}` };
    }
    default:
      return { code: exitCode.done };
  }
}
