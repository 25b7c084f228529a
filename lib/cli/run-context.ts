import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Observable } from 'rxjs';
import type { Console } from './console-output.js';
import type { OperationPlan } from './plan-operation.js';
import type { Progress } from './progress.js';
import type { ResultWriter } from './result-writer.js';
import type { Secrets } from './secrets.js';
import type { StateFile } from './state-file.js';

/** All that a run needs. */
export interface RunContext {
  readonly plan: OperationPlan;
  readonly socket: GraphQLSocket;
  readonly secrets: Secrets;
  readonly console: Console;
  readonly writer: ResultWriter;
  readonly progress: Progress;
  readonly state: StateFile | undefined;
  /** Errors beside the operation: of the recording, and of the state. */
  readonly failed$: Observable<unknown>;
  /** Signals that ask the program to end. */
  readonly signal$: Observable<string>;
}
