import { graphqlSocket } from 'rx-graphql-ws';
import { map } from 'rxjs';
import type { Command } from './command-line.js';
import { runSession } from './run-session.js';
import type { Terminal } from './terminal.js';

/**
 * Subscribes to an endpoint. It prints each result as a line of JSON, and notes the changes of the connection.
 *
 * @returns the exit code: 1 if the stream failed, or the client did not connect in time
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
