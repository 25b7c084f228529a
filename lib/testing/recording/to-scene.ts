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

const ack = '{"type":"connection_ack"}';
const currentTypes = ['next', 'subscribe', 'ping', 'pong'];
const legacyTypes = ['data', 'start', 'ka', 'stop', 'connection_terminate'];

/** What was read of an attempt so far. */
interface Draft {
  readonly opening: Part;
  greeting: Part | undefined;
  readonly operations: Part[];
  readonly byId: Map<unknown, Part>;
  /** Operations that the client has ended. */
  readonly stopped: Set<unknown>;
  /** Whether it was recorded from its beginning. */
  readonly whole: boolean;
  /** How many pings of the client's wait for their pong. */
  pings: number;
  /** ms since the epoch. */
  heardAt: number | undefined;
}

/**
 * The server's part in an attempt.
 *
 * @param attempt - one that opened
 * @param subprotocol - that was selected
 */
export function toScene(attempt: RecordedAttempt, subprotocol: string): Scene {
  const { openedAt, frames, end } = attempt;
  const messages = frames.map((frame) => ({ ...frame, message: parseSent(frame.text) }));
  const draft = createDraft(openedAt, messages);
  for (const message of messages) {
    if (message.direction === 'sent') hearClient(draft, message);
    else hearServer(draft, message);
  }
  const { opening, greeting, operations, heardAt } = draft;
  if (end.kind !== 'open') {
    const { since, cues } = greeting ?? opening;
    const time = end.kind === 'closed' ? end.time : (heardAt ?? openedAt);
    cues.push({ at: Math.max(time - since, 0), end });
  }
  // who joined late has missed the ack
  const missed = heardAt === undefined ? [] : [{ at: 0, frame: readServerFrame(ack) }];
  return {
    subprotocol,
    dialect: dialectOf(messages) ?? (subprotocol || 'graphql-ws'),
    opening: opening.cues,
    greeting: greeting?.cues ?? missed,
    operations,
  };
}

function createDraft(openedAt: number, messages: readonly Message[]): Draft {
  return {
    opening: partSince(openedAt, undefined),
    greeting: undefined,
    operations: [],
    byId: new Map(),
    stopped: new Set(),
    whole: messages.some(({ message }) => message.type === 'connection_init'),
    pings: 0,
    heardAt: undefined,
  };
}

function hearClient(draft: Draft, { time, message }: Message): void {
  const { type, payload } = message;
  const id = idOf(message);
  if (type === 'connection_init') draft.greeting ??= partSince(time, undefined);
  if (type === 'ping') draft.pings += 1;
  if (type === 'subscribe' || type === 'start') begin(draft, id, partSince(time, payload));
  if (type === 'complete' || type === 'stop') draft.stopped.add(id);
}

function hearServer(draft: Draft, { time, text, message }: Message): void {
  const { type } = message;
  const id = idOf(message);
  draft.heardAt = time;
  // what answers the client is said when there is something to be answered: another client may do other things
  if (type === 'pong' && draft.pings > 0) {
    draft.pings -= 1;
    return;
  }
  if (type === 'complete' && draft.stopped.has(id)) return;
  const { opening, greeting = opening, byId, whole } = draft;
  // an operation that was sent before the recording began
  if (id !== undefined && !whole && !byId.has(id))
    begin(draft, id, partSince(opening.since, undefined));
  const { since, cues } = byId.get(id) ?? greeting;
  cues.push({ at: time - since, frame: { text, message } });
}

function begin({ operations, byId, stopped }: Draft, id: unknown, operation: Part): void {
  operations.push(operation);
  byId.set(id, operation);
  stopped.delete(id);
}

/** Some servers answer with ids as numbers. */
function idOf({ id }: SentMessage): unknown {
  return typeof id === 'number' ? String(id) : id;
}

function partSince(since: number, request: unknown): Part {
  return { since, request, cues: [] };
}

function dialectOf(messages: readonly Message[]): string | undefined {
  const types = messages.map(({ message }) => message.type as string);
  if (types.some((type) => currentTypes.includes(type))) return 'graphql-transport-ws';
  return types.some((type) => legacyTypes.includes(type)) ? 'graphql-ws' : undefined;
}
