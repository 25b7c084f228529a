import { graphqlSocket } from 'rx-graphql-ws';
import { EMPTY, endWith, firstValueFrom, lastValueFrom, merge, of, ReplaySubject } from 'rxjs';
import { complainOf } from './complain-of.js';
import { createConsole } from './console-output.js';
import { judge } from './ending.js';
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
  const { socket, progress, console, plan } = context;
  const watching = watchSocket(socket, progress, console, options.debug, query).subscribe();
  const { cursor } = plan;
  if (cursor && !query.includes(`$${cursor.variable}`))
    console.note(
      `--resume: the document has no variable $${cursor.variable}; a server may ignore it, and results may be missing`,
    );
  let ending = await lastValueFrom(followResults(context));
  socket.close();
  await Promise.all([lastValueFrom(socket.status$), recorded]);
  watching.unsubscribe();
  context.state?.flush();
  // a state that could not be written behind the last result
  const late: unknown = await firstValueFrom(merge(context.failed$, of(undefined)));
  if (late && ending.type !== 'failed') ending = { type: 'failed', error: late };
  console.clear();
  if (ending.type === 'failed') complainOf(ending.error, console, options.debug, query);
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
