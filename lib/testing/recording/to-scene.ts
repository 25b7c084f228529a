import { parseSent, type SentMessage } from '../sent-message.js';
import type { RecordedAttempt } from './recorded-attempt.js';
import type { RecordedFrame } from './recording-line.js';
import type { Cue, Scene, SceneOperation } from './scene.js';
import { readServerFrame } from './server-frame.js';

interface Part extends SceneOperation {
  /** ms since the epoch. */
  readonly since: number;
  readonly cues: Cue[];
}

interface Message extends RecordedFrame {
  readonly message: SentMessage;
}

const currentTypes = ['next', 'subscribe', 'ping', 'pong'];
const ack = '{"type":"connection_ack"}';
const legacyTypes = ['data', 'start', 'ka', 'stop', 'connection_terminate'];

/**
 * The server's part in an attempt.
 *
 * @param attempt - one that opened
 * @param subprotocol - that was selected
 */
export function toScene(attempt: RecordedAttempt, subprotocol: string): Scene {
  const { openedAt, frames, end } = attempt;
  const messages = frames.map((frame) => ({ ...frame, message: parseSent(frame.text) }));
  const opening = partSince(openedAt, undefined);
  const { greeting, operations, heardAt } = divide(messages, opening);
  const heard = messages.some(({ direction }) => direction === 'received');
  if (end.kind !== 'open') {
    const { since, cues } = greeting ?? opening;
    const time = end.kind === 'closed' ? end.time : heardAt;
    cues.push({ at: Math.max(time - since, 0), end });
  }
  return {
    subprotocol,
    dialect: dialectOf(messages) ?? (subprotocol || 'graphql-ws'),
    opening: opening.cues,
    // who joined late has missed the ack
    greeting: greeting?.cues ?? (heard ? [{ at: 0, frame: readServerFrame(ack) }] : []),
    operations,
  };
}

/** Says of each frame of the server's what it follows on. */
function divide(messages: readonly Message[], opening: Part) {
  const byId = new Map<string, Part>();
  const operations: Part[] = [];
  const begun = messages.some(({ message }) => message.type === 'connection_init');
  let greeting: Part | undefined;
  let heardAt = opening.since;
  let pings = 0;
  const begin = (id: string, since: number, request: unknown) => {
    const operation = partSince(since, request);
    operations.push(operation);
    byId.set(id, operation);
    return operation;
  };
  for (const { time, direction, text, message } of messages) {
    const { type, id, payload } = message;
    if (direction === 'sent') {
      if (type === 'connection_init') greeting ??= partSince(time, undefined);
      else if (type === 'subscribe' || type === 'start') begin(String(id), time, payload);
      else if (type === 'ping') pings += 1;
      continue;
    }
    heardAt = time;
    // the pings of another client are answered when they come
    if (type === 'pong' && pings > 0) {
      pings -= 1;
      continue;
    }
    const known = byId.get(String(id));
    const part =
      known ??
      (id === undefined || begun ? undefined : begin(id as string, opening.since, undefined));
    const { since, cues } = part ?? greeting ?? opening;
    cues.push({ at: time - since, frame: { text, message } });
  }
  return { greeting, operations, heardAt };
}

function partSince(since: number, request: unknown): Part {
  return { since, request, cues: [] };
}

function dialectOf(messages: readonly Message[]): string | undefined {
  const types = messages.map(({ message }) => message.type as string);
  if (types.some((type) => currentTypes.includes(type))) return 'graphql-transport-ws';
  return types.some((type) => legacyTypes.includes(type)) ? 'graphql-ws' : undefined;
}
