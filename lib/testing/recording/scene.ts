import { parseSent, type SentMessage, type WireNames } from '../wire.js';
import type { AttemptEnd, RecordedAttempt } from './attempts.js';
import type { RecordedFrame } from './recording-line.js';

/** A frame of the server. */
export interface ServerFrame {
  readonly text: string;
  readonly message: SentMessage;
}

/** An action of the server, `at` ms after the client's action that it follows. */
export type Cue = { readonly at: number } & (
  { readonly frame: ServerFrame } | { readonly end: Exclude<AttemptEnd, { readonly kind: 'open' }> }
);

/** An operation, and the server's answer. */
export interface SceneOperation {
  /** The request; `undefined` if the client sent it before the recording began. */
  readonly request: unknown;
  /** Counted from the request. */
  readonly cues: readonly Cue[];
}

/** The server's part in one attempt. Each piece follows an action of the client, because a client may act later than the recorded one. */
export interface Scene {
  readonly subprotocol: string;
  /** The subprotocol of the messages, which may differ from the selected one. */
  readonly dialect: string;
  /** Counted from the opening. */
  readonly opening: readonly Cue[];
  /** Counted from `connection_init`. */
  readonly greeting: readonly Cue[];
  /** In the order of their requests. */
  readonly operations: readonly SceneOperation[];
}

interface Part extends SceneOperation {
  /** ms since the epoch. */
  readonly since: number;
  readonly cues: Cue[];
}

const ack = '{"type":"connection_ack"}';
const currentTypes = ['next', 'subscribe', 'ping', 'pong'];
const legacyTypes = ['data', 'start', 'ka', 'stop', 'connection_terminate'];

/** Creates the scene of an attempt that opened with this subprotocol. */
export function toScene({ openedAt, frames, end }: RecordedAttempt, subprotocol: string): Scene {
  const types = frames.map(({ text }) => parseSent(text).type);
  const beganInMiddle = !types.includes('connection_init');
  const opening = partSince(openedAt);
  const operations: Part[] = [];
  const byId = new Map<unknown, Part>();
  const stopped = new Set<unknown>();
  let greeting: Part | undefined;
  let pings = 0;
  let heardAt: number | undefined;
  const begin = (id: unknown, part: Part) => {
    operations.push(part);
    byId.set(id, part);
    stopped.delete(id);
  };
  const readSent = ({ time, text }: RecordedFrame) => {
    const { type, id, payload } = parseSent(text);
    if (type === 'connection_init') greeting ??= partSince(time);
    if (type === 'ping') pings += 1;
    if (type === 'subscribe' || type === 'start') begin(id, partSince(time, payload));
    if (type === 'complete' || type === 'stop') stopped.add(id);
  };
  const readReceived = ({ time, text }: RecordedFrame) => {
    const message = parseSent(text);
    const { type } = message;
    // some servers send ids as numbers
    const id = typeof message.id === 'number' ? String(message.id) : message.id;
    heardAt = time;
    // the replay answers the pings and the stops of its own client
    if (type === 'pong' && pings > 0) {
      pings -= 1;
      return;
    }
    if (type === 'complete' && stopped.has(id)) return;
    if (id !== undefined && beganInMiddle && !byId.has(id)) begin(id, partSince(openedAt));
    const { since, cues } = byId.get(id) ?? greeting ?? opening;
    cues.push({ at: time - since, frame: { text, message } });
  };
  for (const frame of frames) (frame.direction === 'sent' ? readSent : readReceived)(frame);
  if (end.kind !== 'open') {
    const { since, cues } = greeting ?? opening;
    const time = end.kind === 'closed' ? end.time : (heardAt ?? openedAt);
    cues.push({ at: Math.max(time - since, 0), end });
  }
  // a recording that began in the middle lacks the ack
  const missed =
    heardAt === undefined ? [] : [{ at: 0, frame: { text: ack, message: parseSent(ack) } }];
  return {
    subprotocol,
    dialect: dialectOf(types) ?? (subprotocol || 'graphql-ws'),
    opening: opening.cues,
    greeting: greeting?.cues ?? missed,
    operations,
  };
}

function partSince(since: number, request?: unknown): Part {
  return { since, request, cues: [] };
}

function dialectOf(types: readonly unknown[]): string | undefined {
  if (types.some((type) => currentTypes.includes(type as string))) return 'graphql-transport-ws';
  return types.some((type) => legacyTypes.includes(type as string)) ? 'graphql-ws' : undefined;
}

/**
 * Selects the subprotocol of a replay: the recorded one if the client offers it, else an offered one of the two standard ones, first that
 * of the recorded messages.
 * @returns an empty string if the client offers none of them
 */
export function chooseSubprotocol(
  { subprotocol, dialect }: Scene,
  offered: readonly string[],
): string {
  const wanted = [subprotocol, dialect, 'graphql-transport-ws', 'graphql-ws'];
  return wanted.find((name) => offered.includes(name)) ?? '';
}

/** Type and id in front of a payload. The payload stays text, because it may hold numbers that JavaScript does not have. */
const head =
  /^\s*\{\s*(?:"type"\s*:\s*"\w+"\s*,\s*"id"\s*:\s*(?:"[^"\\]*"|\d+)|"id"\s*:\s*(?:"[^"\\]*"|\d+)\s*,\s*"type"\s*:\s*"\w+")\s*,\s*("payload"\s*:[^]*)$/;

/**
 * Translates a frame from one protocol to another.
 * @param id - the id of the operation on this connection; default: the one in the frame
 */
export function translate(
  { text, message }: ServerFrame,
  from: WireNames,
  to: WireNames,
  id: unknown = message.id,
): string {
  const type = from === to ? message.type : rename(message.type, from, to);
  const adapted = from !== to && type === 'error';
  if (type === message.type && id === message.id && !adapted) return text;
  const rest = !adapted && head.exec(text)?.[1];
  if (rest) return `{"type":${JSON.stringify(type)},"id":${JSON.stringify(id)},${rest}`;
  const payload = adapted ? errorsFor(message.payload, to) : message.payload;
  return JSON.stringify({ ...message, type, id, payload });
}

function rename(type: unknown, from: WireNames, to: WireNames): unknown {
  if (type === from.next) return to.next;
  if (type === from.heartbeat) return to.heartbeat;
  return type === 'ping' ? (to.ping ?? to.heartbeat) : type;
}

/** The current protocol has a list of errors, the legacy one a single error. */
function errorsFor(payload: unknown, to: WireNames): unknown {
  const errors = [payload].flat();
  return to.ping === undefined && errors.length === 1 ? errors[0] : errors;
}
