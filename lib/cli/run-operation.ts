import { graphqlSocket } from 'rx-graphql-ws';
import { EMPTY, endWith, firstValueFrom, lastValueFrom, map, merge, of, ReplaySubject } from 'rxjs';
import { complainOf } from './complain-of.js';
import { createConsole } from './console-output.js';
import { type Ending, judge } from './ending.js';
import type { Environment } from './environment.js';
import { followResults } from './follow-results.js';
import type { OperationOptions } from './operation-options.js';
import { planOperation } from './plan-operation.js';
import { createProgress, summarise } from './progress.js';
import { readQuery } from './read-query.js';
import { recordTo } from './recorder.js';
import { createResultWriter } from './result-writer.js';
import type { RunContext } from './run-context.js';
import { createSecrets } from './secrets.js';
import { openStateFile } from './state-file.js';
import { watchSocket } from './watch-socket.js';

/**
 * Runs an operation, and prints its results until it ends, the user or the time ends it, or nobody reads.
 *
 * @returns the exit code
 * @throws UsageError - before anything is dialled
 */
export async function runOperation(
  url: string,
  argument: string | undefined,
  options: OperationOptions,
  environment: Environment,
): Promise<number> {
  // mistakes are told before standard input has come to its end, which may be never
  const { tokenFile } = options;
  const secrets = createSecrets(tokenFile, environment.env.RXGQL_TOKEN);
  planOperation(url, 'subscription { any }', { ...options, operationName: undefined }, secrets);
  const query = await readQuery(argument, options.file, environment);
  const { context, recorded } = prepare(url, query, options, environment);
  const { socket, progress, console } = context;
  noteCursor(context);
  const watching = watchSocket(socket, progress, console, options.debug, query).subscribe();
  const ending = await lastValueFrom(followResults(context));
  socket.close();
  await Promise.all([lastValueFrom(socket.status$), recorded]);
  watching.unsubscribe();
  context.state?.flush();
  console.clear();
  return conclude(await withLateFailure(ending, context), context, options.debug);
}

/** Tells of a variable that the document does not have. */
function noteCursor({ plan: { cursor, request }, console }: RunContext): void {
  if (cursor && !request.query.includes(`$${cursor.variable}`))
    console.note(
      `--resume: the document has no variable $${cursor.variable}; a server may ignore it, and results may be missing`,
    );
}

/** A state may not have been written behind the last result. */
async function withLateFailure(ending: Ending, { failed$ }: RunContext): Promise<Ending> {
  if (ending.type === 'failed') return ending;
  return firstValueFrom(
    merge(failed$.pipe(map((error): Ending => ({ type: 'failed', error }))), of(ending)),
  );
}

/** Tells of the end. Returns the exit code. */
function conclude(
  ending: Ending,
  { plan, progress, console }: RunContext,
  isDebug: boolean | undefined,
): number {
  if (ending.type === 'failed') complainOf(ending.error, console, isDebug, plan.request.query);
  const { code, complaint } = judge(ending, progress, plan);
  if (complaint !== undefined) console.complain(complaint);
  if (console.hasStatus) console.note(summarise(progress));
  return code;
}

function prepare(url: string, query: string, options: OperationOptions, environment: Environment) {
  const { tokenFile, quiet, state: stateFile, record: recording } = options;
  const secrets = createSecrets(tokenFile, environment.env.RXGQL_TOKEN);
  const plan = planOperation(url, query, options, secrets);
  const failed$ = new ReplaySubject<unknown>(1);
  const fail = (error: unknown) => {
    failed$.next(error);
  };
  const state =
    stateFile === undefined
      ? undefined
      : openStateFile(stateFile, String(plan.cursor?.variable), fail);
  const socket = graphqlSocket(plan.config);
  const recording$ = recording === undefined ? EMPTY : recordTo(recording, socket, secrets);
  const recorded = lastValueFrom(recording$.pipe(endWith(0))).catch(fail);
  const context: RunContext = {
    plan,
    socket,
    secrets,
    state,
    failed$,
    console: createConsole(environment, secrets, quiet),
    writer: createResultWriter(environment),
    progress: createProgress(),
    signal$: environment.signal$,
  };
  return { context, recorded };
}
