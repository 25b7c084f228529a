// A program for months: it prints each trade once it is safe to go on behind it, and is restarted by systemd (or Docker, or a human).
//
//   [Service]
//   ExecStart=/usr/bin/npx tsx bot.ts wss://example.org/graphql /var/lib/bot/cursor.json
//   Environment=TOKEN=…
//   Restart=on-failure
//   RestartPreventExitStatus=78
//
// Exit codes: 0 after SIGTERM or SIGINT, 1 when another start may help, 78 (EX_CONFIG) when only a human can.
// Standard output has the trades, standard error a log: one line of JSON each.
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { concatMapBounded, graphqlSocket, isGraphQLSocketError } from 'rx-graphql-ws';
import { type Gap, isGap, recover } from 'rx-graphql-ws/recovery';
import { fromEvent, lastValueFrom, merge, takeUntil } from 'rxjs';

interface Trade {
  number: number;
}

const [url = '', file = 'cursor.json'] = process.argv.slice(2);

function log(event: string, fields: object = {}): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`);
}

/** The last trade that was handled, as a list; empty at the very first start. */
function load(): Trade[] {
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Trade] : [];
}

function save(trade: Trade): void {
  // a crash in the midst of writing must not leave half a cursor
  writeFileSync(`${file}.new`, JSON.stringify(trade));
  renameSync(`${file}.new`, file);
}

/** The work of the bot. It may get a trade again after a crash, but misses none. */
async function handle(trade: Trade): Promise<void> {
  const hasRoom = process.stdout.write(`${JSON.stringify(trade)}\n`);
  if (!hasRoom) await once(process.stdout, 'drain');
}

async function run(): Promise<void> {
  const token = process.env.TOKEN;
  const socket = graphqlSocket({
    url,
    connectionParams: token === undefined ? undefined : { token },
    // a server without heartbeats is given up, too
    keepAliveTimeout: 60_000,
    onServerComplete: 'restart',
  });
  socket.status$.subscribe((status) => {
    const { message } = 'error' in status ? status.error : {};
    log(status.state, message === undefined ? {} : { error: message });
  });
  const trades$ = recover<{ trades: Trade[] }, { after?: number }, Trade>(
    socket,
    { query: 'subscription ($after: Int) { trades(after: $after) { number } }' },
    {
      rows: ({ trades }) => trades,
      resume: (last) => ({ after: last.number }),
      key: (trade) => trade.number,
      handled: load,
    },
    // the trades at hand are finished and stored
  ).pipe(takeUntil(merge(fromEvent(process, 'SIGTERM'), fromEvent(process, 'SIGINT'))));
  const work = async (trade: Trade | Gap) => {
    if (isGap(trade)) {
      log('gap', { since: trade.since, until: trade.until });
      return;
    }
    await handle(trade);
    save(trade);
  };
  // a slow reader of standard output slows the server down, and costs no memory
  const work$ = trades$.pipe(
    concatMapBounded(work, { capacity: 1_000, overflow: 'pause', socket }),
  );
  try {
    await lastValueFrom(work$, { defaultValue: undefined });
  } finally {
    socket.close();
    await lastValueFrom(socket.status$);
  }
}

/** Whether another start would end in the same way. */
function isFinal(error: unknown): boolean {
  if (!isGraphQLSocketError(error)) return error instanceof SyntaxError;
  if (error.name === 'ConnectionError') return [401, 402, 403, 404].includes(error.status ?? 0);
  return ['ConfigurationError', 'HandshakeError', 'OperationError'].includes(error.name);
}

try {
  await run();
  log('stopped');
} catch (error) {
  log('failed', { error: String(error) });
  process.exitCode = isFinal(error) ? 78 : 1;
}
