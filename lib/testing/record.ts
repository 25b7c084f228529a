import type { GraphQLSocket, SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { defer, EMPTY, isObservable, map, merge, mergeMap, type Observable, startWith } from 'rxjs';
import {
  recordingHeader,
  type RecordedFrame,
  type RecordingLine,
} from './recording/recording-line.js';
import { redactMessage } from './recording/redact-message.js';

/** Options of `record`. */
export interface RecordOptions {
  /**
   * Takes more out of a frame, after credentials were taken out: gives the text to be recorded. If it throws, so does the recording.
   *
   * @defaultValue nothing more
   */
  readonly redact?: ((text: string, direction: RecordedFrame['direction']) => string) | undefined;
}

/** What of a socket is recorded. */
export type RecordedSocket = Pick<GraphQLSocket, 'events$' | 'status$'>;

/**
 * Records what a socket sends and receives, as lines of NDJSON for `replay` and `replayServer`: each ends with a line break. It does
 * not connect, begins anew with each subscription, and completes with the socket's events.
 *
 * Credentials are left out: the payload of `connection_init`; and, in what the client sends and in the server's ack, the values under
 * names like `authorization`, `token`, `password`, `apiKey` or `cookie`. Results are recorded as they are.
 *
 * @param source - the socket; of its `events$` alone it is not known when it dialled, and guessed who closed it
 *
 * @example
 * ```ts
 * const file = createWriteStream('feed.ndjson');
 * record(socket).subscribe((line) => file.write(line));
 * ```
 */
export function record(
  source: RecordedSocket | Observable<SocketEvent>,
  { redact = (text) => text }: RecordOptions = {},
): Observable<string> {
  return defer(() => {
    const { events$, status$ } = isObservable(source)
      ? { events$: source, status$: EMPTY }
      : source;
    const recorder = createRecorder(redact);
    return merge(
      status$.pipe(map((status) => [recorder.ofStatus(status)])),
      events$.pipe(map((event) => recorder.ofEvent(event))),
    );
  }).pipe(
    mergeMap((lines) => lines),
    startWith(recordingHeader),
    map((line) => `${JSON.stringify(line)}\n`),
  );
}

function createRecorder(redact: Exclude<RecordOptions['redact'], undefined>) {
  const known = new Set<number>();
  let subprotocol: string | undefined;
  let latest = 0;
  // a clock may be put back
  const stamp = (at: number) => (latest = Math.max(latest, at));
  return {
    ofStatus: (status: SocketStatus): RecordingLine => {
      subprotocol = status.state === 'connected' ? status.subprotocol : undefined;
      const error = 'error' in status && { error: status.error.name };
      return { time: stamp(status.since), status: status.state, ...error };
    },
    ofEvent: (event: SocketEvent): readonly RecordingLine[] => {
      const { connection: attempt } = event;
      const own = lineOf(event, stamp(event.at), redact);
      if (!own) return [];
      const whole = known.has(attempt) || isDial(event, subprotocol !== undefined);
      known.add(attempt);
      // one that was open before the recording began opens with it
      return whole ? [own] : [{ time: own.time, attempt, opened: subprotocol ?? '' }, own];
    },
  };
}

/** Whether a socket that is heard of for the first time is so from its dial on. */
function isDial(event: SocketEvent, connected: boolean): boolean {
  return event.type === 'opened' || (event.type === 'closed' && event.code === 1006 && !connected);
}

function lineOf(
  event: SocketEvent,
  time: number,
  redact: Exclude<RecordOptions['redact'], undefined>,
): RecordingLine | undefined {
  const { type, connection: attempt } = event;
  if (type === 'opened') return { time, attempt, opened: event.subprotocol };
  if (type === 'closed') return { time, attempt, closed: event.code, reason: event.reason };
  if (type !== 'sent' && type !== 'received') return undefined;
  // results are data, whatever their fields are called
  const data = type === 'received' && 'id' in event.message;
  const text = redact(data ? event.text : redactMessage(event.text), type);
  return { time, attempt, direction: type, text };
}
