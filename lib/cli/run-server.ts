import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { endWith, firstValueFrom, lastValueFrom } from 'rxjs';
import { createConsole } from './console-output.js';
import type { Environment } from './environment.js';
import { formatJson } from './format-result.js';
import { createResultWriter } from './result-writer.js';
import {
  type FeedServerOptions,
  listenOn,
  readFeedOptions,
  readSpeed,
  type ReplayOptions,
} from './server-options.js';
import { UsageError } from './usage-error.js';

/** Only here, because the other commands start sooner without them. */
const loadServers = () => import('rx-graphql-ws/testing/server');
const loadDemo = () => import('../demo/run-demo.js');

/** Serves a feed until a signal comes. @throws UsageError - an option is wrong */
export async function runServe(
  options: FeedServerOptions,
  environment: Environment,
): Promise<number> {
  const { every, seed } = readFeedOptions(options);
  const at = listenOn(options);
  const [{ graphqlTestServer }, { inventTrades }] = await Promise.all([loadServers(), loadDemo()]);
  const server = await graphqlTestServer({
    ...at,
    seed,
    feed: inventTrades(every),
    keepAlive: 5_000,
    // a server that runs for days must not remember each frame
    ledger: { history: false },
  });
  return serveUntilSignal(server, environment, 'subscription { trades }');
}

/** Serves a recording until a signal comes. @throws UsageError - an option or the recording is wrong */
export async function runReplay(
  file: string,
  options: ReplayOptions,
  environment: Environment,
): Promise<number> {
  const speed = readSpeed(options.speed);
  const settings = { ...listenOn(options), speed, loop: options.loop === true };
  const { replayServer } = await loadServers();
  const server = await replayServer(file, settings).catch((error: unknown) => {
    // an error of the system is about the port
    if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new UsageError((error as Error).message);
  });
  return serveUntilSignal(server, environment, 'the recorded operations');
}

async function serveUntilSignal(
  server: GraphQLTestServer,
  environment: Environment,
  answers: string,
): Promise<number> {
  const { note } = createConsole(environment, { scrub: String });
  const ended = firstValueFrom(environment.signal$);
  const writer = createResultWriter(environment);
  const line = formatJson({ url: server.url, httpUrl: server.httpUrl }, false);
  await lastValueFrom(writer.write(line).pipe(endWith(0)));
  note(`answers ${answers} at ${server.url}; Ctrl-C ends it`);
  await ended;
  await server.stop();
  return 0;
}
