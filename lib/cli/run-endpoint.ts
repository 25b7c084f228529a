import { graphqlSocket } from 'rx-graphql-ws';
import { map } from 'rxjs';
import type { Command } from './command-line.js';
import { runSession } from './run-session.js';
import type { Terminal } from './terminal.js';

/**
 * Subscribes to an endpoint: each result is printed as a line of JSON, what happens to the connection is noted.
 *
 * @param command - which, and what to ask
 * @param terminal - where to write
 * @returns the exit code: 1 if the stream failed, or there was no connection in the time given
 */
export async function runEndpoint(
  { url, query, variables, seconds }: Extract<Command, { readonly kind: 'endpoint' }>,
  terminal: Terminal,
): Promise<number> {
  const socket = graphqlSocket({ url, keepAliveTimeout: 30_000, closeTimeout: 500 });
  const results$ = socket.execute$({ query, variables }).pipe(
    map((result) => {
      terminal.print(JSON.stringify(result));
      return 1;
    }),
  );
  const { note } = terminal;
  const tally = await runSession({ socket, results$, noun: 'result', seconds, note });
  const inVain = tally.end === 'over' && tally.connections === 0;
  return tally.end === 'failed' || inVain ? 1 : 0;
}
