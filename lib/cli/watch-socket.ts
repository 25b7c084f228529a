import type { GraphQLSocket, SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { asyncScheduler, EMPTY, ignoreElements, merge, type Observable, tap, timer } from 'rxjs';
import type { Console } from './console-output.js';
import { describeError } from './describe-error.js';
import { createNarrator } from './narrate.js';
import type { Progress } from './progress.js';
import { createStatusLine } from './status-line.js';

/** ms between two status lines. */
const refreshes = 250;
/** Characters of a frame that are shown. */
const longest = 1_000;

/** Tells what happens to a socket, and counts its connections. It never completes: the socket's end is not its end. */
export function watchSocket(
  socket: GraphQLSocket,
  progress: Progress,
  console: Console,
  isDebug: boolean | undefined,
  document = '',
): Observable<never> {
  const narrate = createNarrator(document);
  const statusLine = createStatusLine(console.hasColours);
  const onStatus = (status: SocketStatus) => {
    const { state } = status;
    progress.state = state;
    if (state === 'connected') progress.connections += 1;
    if ('error' in status) [progress.lastFailure] = describeError(status.error);
    const line = narrate(status);
    if (line !== undefined) console.note(line);
  };
  const onEvent = (event: SocketEvent) => {
    if (isReceived(event)) progress.frameAt = event.at;
    if (isDebug) console.complain(describeEvent(event));
  };
  // a reader of the events makes the socket describe each frame
  const events$ = console.hasStatus || isDebug ? socket.events$.pipe(tap(onEvent)) : EMPTY;
  const show = () => {
    console.show(statusLine(progress, asyncScheduler.now()));
  };
  const line$ = console.hasStatus ? timer(0, refreshes).pipe(tap(show)) : EMPTY;
  return merge(socket.status$.pipe(tap(onStatus)), events$, line$).pipe(ignoreElements());
}

function isReceived(event: SocketEvent): boolean {
  return event.type === 'received' || ('direction' in event && event.direction === 'received');
}

function describeEvent({ at, connection, type, ...event }: SocketEvent): string {
  const { text, ...others } = event as { text?: string };
  const shown = text ?? JSON.stringify(others);
  const time = new Date(at).toISOString();
  return `${time} ${connection} ${type} ${shown.slice(0, longest)}`.trimEnd();
}
