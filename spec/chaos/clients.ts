// A process of the rig: clients of the feed that tell all they see.
import { createInterface } from 'node:readline';
import { concatMap, defer, EMPTY, lastValueFrom, of, timer } from 'rxjs';
import {
  exponentialBackoff,
  graphqlSocket,
  type GraphQLSocket,
  type SocketEvent,
} from 'rx-graphql-ws';
import { isGap } from 'rx-graphql-ws/recovery';
import { WebSocket } from 'ws';
import { type ClientConfig, type ClientsConfig, type Sabotage, serverAddress } from './programs.js';
import { clientLog, type ClientLog } from './say.js';
import { recoveredRows, type Rows } from './recovered.js';

/** One socket with one subscription, which tells its dials, its states, its wire and its values. */
function runClient(config: ClientConfig, log: ClientLog, sabotage?: Sabotage): GraphQLSocket {
  const { name, port, subprotocol, options, backoffMax, startAfter = 0, recovery } = config;
  const retries = backoffMax !== false && sabotage !== 'no-retry';
  const socket = graphqlSocket({
    url: `ws://${serverAddress}:${port}/graphql`,
    subprotocols: [subprotocol],
    webSocketImpl: new Proxy(WebSocket, {
      construct(target, args) {
        log({ type: 'dial' });
        return Reflect.construct(target, args) as object;
      },
    }),
    ...options,
    retry: retries && { delay: exponentialBackoff(backoffMax ? { max: backoffMax } : {}) },
  });
  socket.events$.subscribe((event) => {
    if (sabotage === 'hide-close' && event.type === 'closed') return;
    // the account of a recovered stream needs none
    if (recovery && event.type === 'received') return;
    log(lineOf(event), event.at);
  });
  socket.status$.subscribe((status) => {
    const error = 'error' in status ? `${status.error.name}: ${status.error.message}` : undefined;
    log({ type: 'status', state: status.state, ...(error && { error }) }, status.since);
  });
  const plain$ = defer(() =>
    socket.subscribe$<Rows>({ query: 'subscription { rows }', variables: { client: name } }),
  ).pipe(concatMap(({ rows }) => rows));
  timer(startAfter)
    .pipe(
      concatMap(() => (recovery ? recoveredRows(socket, config) : plain$)),
      concatMap((row) => (isGap(row) ? of(row) : spoil(row.number, sabotage))),
    )
    .subscribe({
      next(value) {
        if (!isGap(value)) log({ type: 'value', number: value });
        else if (sabotage !== 'hide-gap') log({ type: 'gap' });
      },
      error: (error: unknown) => log({ type: 'ended', error: String(error) }),
      complete: () => log({ type: 'ended' }),
    });
  return socket;
}

/** A line of `events$` without what is long: a process that is watched must not be busy with it. */
function lineOf(event: SocketEvent) {
  const { type, connection } = event;
  const line = { type: 'event', event: type, connection } as const;
  if (type === 'closed') return { ...line, code: event.code };
  if (type !== 'sent' && type !== 'received') return line;
  const { message } = event;
  const number = message.type === 'next' && /"number":(\d+)/.exec(event.text)?.[1];
  return {
    ...line,
    message: message.type,
    ...('id' in message && { id: message.id }),
    ...(number && { number: Number(number) }),
  };
}

function spoil(number: number, sabotage: Sabotage | undefined) {
  if (number % 500 !== 0) return of(number);
  if (sabotage === 'drop-value') return EMPTY;
  if (sabotage === 'repeat-value') return of(number, number);
  return sabotage === 'swap-values' ? of(number + 1, number) : of(number);
}

const { clients, sabotage } = JSON.parse(process.argv[2]!) as ClientsConfig;

const crashed = (error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  clientLog('process')({ type: 'crash', error: text });
};
process.on('uncaughtException', crashed);
process.on('unhandledRejection', crashed);

const sockets = clients.map((client) => runClient(client, clientLog(client.name), sabotage));
const commands = createInterface({ input: process.stdin });
commands.once('close', () => process.exit());
commands.once('line', () => {
  const closed = sockets.map((socket) => {
    socket.close();
    return lastValueFrom(socket.status$);
  });
  void Promise.all(closed).then(() => process.exit());
});
