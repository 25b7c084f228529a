import { type GraphQLSocket, type GraphQLSocketConfig, graphqlSocket } from 'rx-graphql-ws';
import {
  catchError,
  combineLatest,
  endWith,
  filter,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  type Observable,
  of,
  switchMap,
  take,
  tap,
  timer,
} from 'rxjs';
import { connectionConfig } from './connection-config.js';
import { createConsole } from './console-output.js';
import { complainOf } from './complain-of.js';
import type { Environment } from './environment.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import { formatJson } from './format-result.js';
import { type PingOptions, type PingPlan, planPing } from './ping-options.js';
import { createPingReport, describeReport, type PingReport } from './ping-report.js';
import { createSecrets, type Secrets } from './secrets.js';
import { createProgress } from './progress.js';
import { createResultWriter } from './result-writer.js';
import { watchSocket } from './watch-socket.js';

/** The connections of the library send pings of either protocol. They do not say so in public. */
type MayPing = Partial<Record<'ping', (within: false) => void>>;

/** The reason of the end. `over`: each ping is answered, or has had its time. */
type Ending =
  { readonly type: 'over' | 'interrupted' } | { readonly type: 'failed'; readonly error: unknown };

/** ms that the last pong may take. */
const patience = 2_000;

/**
 * Connects, sends pings, and prints what it found out about the server.
 *
 * @returns the exit code: `unreachable` if the connection was not acknowledged, `deadline` if no ping was answered
 * @throws UsageError - before anything is dialled
 */
export async function runPing(
  url: string,
  options: PingOptions,
  environment: Environment,
): Promise<number> {
  const plan = planPing(options);
  const secrets = createSecrets(options.tokenFile, environment.env.RXGQL_TOKEN);
  const socket = graphqlSocket(pingConfig(url, options, secrets));
  const console = createConsole(environment, secrets);
  const measured = createPingReport(() => performance.now());
  const watching = merge(
    socket.events$.pipe(tap(measured.onEvent)),
    watchSocket(socket, createProgress(), console, options.debug),
  ).subscribe();
  const isEnough = () => measured.answered() >= plan.count;
  const ending = await firstValueFrom(
    merge(
      sendPings(socket, plan),
      timeOf(plan, socket.events$.pipe(filter(isEnough))),
      environment.signal$.pipe(map((): Ending => ({ type: 'interrupted' }))),
    ),
  );
  socket.close();
  await lastValueFrom(socket.status$);
  watching.unsubscribe();
  console.clear();
  if (ending.type === 'failed') {
    complainOf(ending.error, console, options.debug);
    return exitCodeOf(ending.error);
  }
  const report = measured.finish();
  const text = plan.isPretty ? describeReport(report) : formatJson(report, false);
  const writer = createResultWriter(environment);
  await lastValueFrom(writer.write(secrets.scrub(text)).pipe(endWith(0)));
  const isUnreachable = report.connectMs === null && ending.type === 'over';
  if (isUnreachable) console.complain('rxgql: the server did not acknowledge the connection');
  return isUnreachable ? exitCode.unreachable : judgePings(report);
}

function pingConfig(url: string, options: PingOptions, secrets: Secrets): GraphQLSocketConfig {
  return {
    ...connectionConfig(url, options, secrets),
    // it would not stop after so many
    pingInterval: false,
    pongTimeout: false,
    keepAliveTimeout: false,
    retry: { count: 0, shouldRetry: () => false },
  };
}

/** Connects, and sends the pings. Emits if the connection fails, and does not complete. */
function sendPings(socket: GraphQLSocket, { count, interval }: PingPlan): Observable<Ending> {
  return socket.connection$.pipe(
    switchMap((connection) =>
      timer(interval, interval).pipe(
        take(count),
        tap(() => (connection as MayPing).ping?.(false)),
      ),
    ),
    ignoreElements(),
    catchError((error: unknown) => of<Ending>({ type: 'failed', error })),
  );
}

/** Emits when the time is over: after the last answer, or without it after a patience, but not before the least time. */
function timeOf({ least, count, interval }: PingPlan, answered$: Observable<unknown>) {
  return merge(
    combineLatest([timer(least), answered$]),
    timer(Math.max(least, count * interval) + patience),
  ).pipe(map((): Ending => ({ type: 'over' })));
}

function judgePings({ pings: { sent, answered } }: PingReport): number {
  return sent > 0 && answered === 0 ? exitCode.deadline : exitCode.done;
}
