import { parseSent } from '../wire.js';
import type { RecordedClosing, RecordedFrame, RecordedOpening } from './recording.js';

/**
 * The end of the server's part: it closed the socket or lost the connection, or it was silent until the client gave up. `undefined` means
 * that the client left, or that the recording ended before.
 */
export type SceneEnd = RecordedClosing | 'silent' | undefined;

/** An action of the server, `at` ms after the client's action that it follows. */
export type Cue = { readonly at: number } & (
  { readonly frame: string } | { readonly end: NonNullable<SceneEnd> }
);

export interface SceneOperation {
  /** The request; `undefined` if the client sent it before the recording began. */
  readonly request: unknown;
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
  readonly operations: readonly SceneOperation[];
}

interface Part extends SceneOperation {
  readonly since: number;
  readonly cues: Cue[];
}

const ack = '{"type":"connection_ack"}';

/** The types of messages that only one of the two protocols has. */
const ownTypes = Object.entries({
  'graphql-transport-ws': ['next', 'subscribe', 'ping', 'pong'],
  'graphql-ws': ['data', 'start', 'ka', 'stop', 'connection_terminate'],
});

export function toScene(
  { opened: subprotocol, time }: RecordedOpening,
  frames: readonly RecordedFrame[],
  end: SceneEnd,
): Scene {
  const types = frames.map(({ text }) => parseSent(text).type as string);
  const shown = ownTypes.find(([, own]) => types.some((type) => own.includes(type)));
  return {
    subprotocol,
    dialect: shown?.[0] ?? (subprotocol || 'graphql-ws'),
    ...new SceneReader(time, !types.includes('connection_init')).read(frames, end),
  };
}

/** Finds the action of the client that each frame of the server follows. */
class SceneReader {
  /** Whether the recording began when the connection was open already. */
  readonly #beganInMiddle: boolean;
  readonly #opening: Part;
  #greeting: Part | undefined;
  readonly #operations: Part[] = [];
  readonly #byId = new Map<unknown, Part>();
  readonly #stopped = new Set<unknown>();
  #pings = 0;
  #heardAt: number | undefined;

  constructor(openedAt: number, beganInMiddle: boolean) {
    this.#beganInMiddle = beganInMiddle;
    this.#opening = partSince(openedAt);
  }

  read(frames: readonly RecordedFrame[], end: SceneEnd) {
    for (const frame of frames)
      if (frame.direction === 'sent') this.#readSent(frame);
      else this.#readReceived(frame);
    if (end) this.#readEnd(end);
    // a recording that began in the middle lacks the ack
    const missed = this.#heardAt === undefined ? [] : [{ at: 0, frame: ack }];
    return {
      opening: this.#opening.cues,
      greeting: this.#greeting?.cues ?? missed,
      operations: this.#operations,
    };
  }

  #readSent({ time, text }: RecordedFrame): void {
    const { type, id, payload } = parseSent(text);
    if (type === 'connection_init') this.#greeting ??= partSince(time);
    if (type === 'ping') this.#pings += 1;
    if (type === 'subscribe' || type === 'start') this.#begin(id, partSince(time, payload));
    if (type === 'complete' || type === 'stop') this.#stopped.add(id);
  }

  #readReceived({ time, text }: RecordedFrame): void {
    const { type, id: given } = parseSent(text);
    // some servers send ids as numbers
    const id = typeof given === 'number' ? String(given) : given;
    this.#heardAt = time;
    if (this.#isReply(type, id)) return;
    const { since, cues } = this.#partOf(id);
    cues.push({ at: time - since, frame: text });
  }

  /** Whether a message answers a ping or a stop: the replay answers those of its own client. */
  #isReply(type: unknown, id: unknown): boolean {
    if (type !== 'pong' || this.#pings === 0) return type === 'complete' && this.#stopped.has(id);
    this.#pings -= 1;
    return true;
  }

  #partOf(id: unknown): Part {
    if (id !== undefined && this.#beganInMiddle && !this.#byId.has(id))
      this.#begin(id, partSince(this.#opening.since));
    return this.#byId.get(id) ?? this.#greeting ?? this.#opening;
  }

  #begin(id: unknown, part: Part): void {
    this.#operations.push(part);
    this.#byId.set(id, part);
    this.#stopped.delete(id);
  }

  #readEnd(end: NonNullable<SceneEnd>): void {
    const { since, cues } = this.#greeting ?? this.#opening;
    const time = end === 'silent' ? (this.#heardAt ?? this.#opening.since) : end.time;
    cues.push({ at: Math.max(time - since, 0), end });
  }
}

function partSince(since: number, request?: unknown): Part {
  return { since, request, cues: [] };
}
