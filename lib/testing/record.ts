import type { GraphQLSocket, SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { defer, EMPTY, isObservable, map, merge, mergeMap, type Observable, startWith } from 'rxjs';
import { callback, checkAllOf, flag } from './check.js';
import { type RecordedFrame, recordingHeader, type RecordingLine } from './recording/recording.js';
import { redacted, redactErrors, redactMessage } from './recording/redact.js';

type Redact = (text: string, direction: RecordedFrame['direction']) => string;

/** Options of `record`. */
export interface RecordOptions {
  /**
   * Removes more from a frame that has no credentials any more, and gives the text to record. An error of this function fails the
   * recording. @defaultValue removes nothing more
   */
  readonly redact?: Redact | undefined;
  /**
   * Whether the texts of the server's errors are recorded, and its close reasons. `false` puts `[redacted]` in their place, and keeps codes,
   * paths and locations. It redacts frames that are no JSON objects as a whole, because their contents are unknown. @defaultValue true
   */
  readonly errorTexts?: boolean | undefined;
}

/** The recorded members of a socket. */
export type RecordedSocket = Pick<GraphQLSocket, 'events$' | 'status$'>;

/**
 * Records the frames of a socket as NDJSON for `replay` and `replayServer`. Each emitted line ends with a line break. The recording does
 * not connect, begins anew with each subscription, and completes with the events of the socket.
 *
 * The recording has no credentials: it lacks the payload of `connection_init`, and, in all messages but results, the values under names like
 * `authorization`, `token`, `password`, `apiKey` or `cookie`, also within a text that is JSON itself, such as AppSync's `data`.
 * @param source - the socket; with its `events$` alone, `replay` does not know when the client dialled, and guesses who closed
 * @throws TypeError - an option is unknown or wrong
 * @example
 * ```ts
 * const file = createWriteStream('feed.ndjson');
 * record(socket).subscribe((line) => file.write(line));
 * ```
 */
export function record(
  source: RecordedSocket | Observable<SocketEvent>,
  options: RecordOptions = {},
): Observable<string> {
  checkAllOf('record', options, { redact: callback, errorTexts: flag });
  return defer(() => {
    const { events$, status$ } = isObservable(source)
      ? { events$: source, status$: EMPTY }
      : source;
    const recorder = createRecorder(options);
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

function createRecorder(options: RecordOptions) {
  const known = new Set<number>();
  let subprotocol: string | undefined;
  let latest = 0;
  // a user may set the clock back
  const stamp = (at: number) => (latest = Math.max(latest, at));
  return {
    ofStatus: (status: SocketStatus): RecordingLine => {
      subprotocol = status.state === 'connected' ? status.subprotocol : undefined;
      const error = 'error' in status && { error: status.error.name };
      return { time: stamp(status.since), status: status.state, ...error };
    },
    ofEvent: (event: SocketEvent): readonly RecordingLine[] => {
      const { connection: attempt } = event;
      const own = lineOf(event, stamp(event.at), options);
      if (!own) return [];
      const whole = known.has(attempt) || isDial(event, subprotocol !== undefined);
      known.add(attempt);
      // a socket that was open already opens with the recording
      return whole ? [own] : [{ time: own.time, attempt, opened: subprotocol ?? '' }, own];
    },
  };
}

function isDial(event: SocketEvent, connected: boolean): boolean {
  return event.type === 'opened' || (event.type === 'closed' && event.code === 1006 && !connected);
}

function lineOf(event: SocketEvent, time: number, options: RecordOptions) {
  const { type, connection: attempt } = event;
  if (type === 'opened') return { time, attempt, opened: event.subprotocol };
  if (type === 'sent' || type === 'received')
    return { time, attempt, direction: type, text: textOf(event, options) };
  if (type !== 'closed') return undefined;
  const isTold = options.errorTexts !== false || event.reason === '';
  return { time, attempt, closed: event.code, reason: isTold ? event.reason : redacted };
}

function textOf(
  event: Extract<SocketEvent, { readonly type: 'sent' | 'received' }>,
  { redact = (text) => text, errorTexts = true }: RecordOptions,
): string {
  const { type, text } = event;
  // a result is data, whatever the names of its fields
  const isData = type === 'received' && 'id' in event.message;
  const told = isData ? text : redactMessage(text);
  return redact(errorTexts || type === 'sent' ? told : redactErrors(told), type);
}
