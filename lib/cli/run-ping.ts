import { type GraphQLSocketConfig, graphqlSocket } from 'rx-graphql-ws';
import {
  catchError,
  combineLatest,
  endWith,
  filter,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  merge,
  of,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { connectionConfig } from './connection-config.js';
import type { ConnectionOptions } from './connection-options.js';
import { createConsole } from './console-output.js';
import { complainOf } from './complain-of.js';
import { parseCount, parseDuration } from './duration.js';
import type { Environment } from './environment.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import { formatJson } from './format-result.js';
import { createPingReport, describeReport } from './ping-report.js';
import { createSecrets } from './secrets.js';
import { UsageError } from './usage-error.js';
import { createProgress } from './progress.js';
import { createResultWriter } from './result-writer.js';
import { watchSocket } from './watch-socket.js';

/** The options of `ping`, as texts. */
export interface PingOptions extends ConnectionOptions {
  readonly count: string;
  readonly interval: string;
  readonly for?: string | undefined;
  readonly format: string;
}

/** The connections of the library send pings of either protocol. They do not say so in public. */
type MayPing = Partial<Record<'ping', (within: false) => void>>;

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
  if (!['json', 'pretty'].includes(options.format))
    throw new UsageError('--format is json or pretty');
  const secrets = createSecrets(options.tokenFile, environment.env.RXGQL_TOKEN);
  const interval = parseDuration('--interval', options.interval);
  const count = parseCount('--count', options.count, 1);
  const least = options.for === undefined ? 0 : parseDuration('--for', options.for);
  const config: GraphQLSocketConfig = {
    ...connectionConfig(url, options, secrets),
    // it would not stop after so many
    pingInterval: false,
    pongTimeout: false,
    keepAliveTimeout: false,
    retry: { count: 0, shouldRetry: () => false },
  };
  const console = createConsole(environment, secrets);
  const socket = graphqlSocket(config);
  const measured = createPingReport(() => performance.now());
  const watched$ = merge(
    socket.events$.pipe(tap(measured.onEvent)),
    watchSocket(socket, createProgress(), console, options.debug),
  );
  const watching = watched$.subscribe();
  let isInterrupted = false as boolean;
  const isEnough = () => measured.report.pings.answered >= count;
  const end$ = merge(
    combineLatest([timer(least), socket.events$.pipe(filter(isEnough))]),
    timer(Math.max(least, count * interval) + patience),
    environment.signal$.pipe(
      tap(() => {
        isInterrupted = true;
      }),
    ),
  );
  const failure = await firstValueFrom(
    socket.connection$.pipe(
      switchMap((connection) =>
        timer(interval, interval).pipe(
          take(count),
          tap(() => (connection as MayPing).ping?.(false)),
        ),
      ),
      ignoreElements(),
      catchError((error: unknown) => of({ error })),
      takeUntil(end$),
    ),
    { defaultValue: undefined },
  );
  socket.close();
  await lastValueFrom(socket.status$);
  watching.unsubscribe();
  console.clear();
  if (failure) {
    complainOf(failure.error, console, options.debug);
    return exitCodeOf(failure.error);
  }
  const report = measured.finish();
  const text = options.format === 'pretty' ? describeReport(report) : formatJson(report, false);
  const writer = createResultWriter(environment);
  await lastValueFrom(writer.write(secrets.scrub(text)).pipe(endWith(0)));
  if (report.connectMs === null && !isInterrupted) {
    console.complain('rxgql: the server did not acknowledge the connection');
    return exitCode.unreachable;
  }
  return report.pings.sent > 0 && report.pings.answered === 0 ? exitCode.deadline : exitCode.done;
}
