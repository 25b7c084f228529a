import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { frame, messageFrame } from '../../helpers/net/frame.js';
import { upgradeServer } from '../../helpers/net/upgrade-server.js';
import { type Asked, type Counts, type Done, type FeedVariables, roundsOf } from '../feed.js';
import { drained } from '../../helpers/net/drained.js';
import { resultText, sequenceAt, sequenceDigits, stampAt, stampDigits } from '../result.js';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly query: string; readonly variables: FeedVariables };
}

/** Speaks with one client. Returns what hears its messages, and tells what they are. */
function serveClient(
  stream: Duplex,
  words: Words,
  loop: typeof frameLoop,
  gates: Gates,
): (text: string) => Message {
  // thousands of operations may wait for the same client
  stream.setMaxListeners(0);
  const write = gathered(stream);
  const texts = new Map<number, string>();
  const first = (size: number) => {
    const text = texts.get(size) ?? resultText(size, 0);
    texts.set(size, text);
    return text;
  };
  const complete = (id: string) => write(messageFrame({ id, type: 'complete' }));
  let waiting: string[] = [];

  const feed = async (ids: readonly string[], variables: FeedVariables) => {
    const { size, sizes = [size], results = Infinity, rate, sorted, stays } = variables;
    const [id = ''] = ids;
    const paced = () => sizes.map((one) => frame(words.result(id, first(one), sorted)));
    if (rate !== undefined) await pace(stream, paced(), variables, gates);
    else await flood(stream, loop(words, ids, first(size), variables), results * ids.length);
    if (!stays && stream.writable) ids.forEach(complete);
  };
  const subscribe = ({ id, payload: { query, variables } }: Message) => {
    const { size, results, operations = 1, keepAlive, stays = false } = variables;
    if (query.startsWith('mutation') || (operations === 1 && results === 1)) {
      write(frame(words.result(id, first(size))));
      if (!stays) complete(id);
      return;
    }
    if (keepAlive !== undefined) keepAlivesEvery(keepAlive, stream);
    waiting.push(id);
    if (waiting.length < operations) return;
    void feed(waiting, variables);
    waiting = [];
  };
  return (text) => {
    const message = JSON.parse(text) as Message;
    if (message.type === 'connection_init') {
      write(messageFrame({ type: 'connection_ack' }));
      if (words.keepAlive) write(messageFrame({ type: 'ka' }));
    }
    if (message.type === 'ping') write(messageFrame({ type: 'pong' }));
    if (message.type === words.subscribe) subscribe(message);
    return message;
  };
}

/** What is written in one turn goes out in one write. */
function gathered(stream: Duplex): (bytes: Uint8Array) => void {
  return (bytes) => {
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
    stream.write(bytes);
  };
}

function keepAlivesEvery(ms: number, stream: Duplex): void {
  const timer = setInterval(() => stream.write(messageFrame({ type: 'ka' })), ms);
  stream.once('close', () => clearInterval(timer));
}

/** Writes copies of frames in turn, numbered and stamped with the time, at the pace that was asked for. While the client does not read, or its gate is shut, the clock of the feed stands still. */
export async function pace(
  stream: Duplex,
  frames: readonly Buffer[],
  { rate = 1, burst = rate, results = Infinity, gate }: FeedVariables,
  gates: Gates,
): Promise<void> {
  const templates = frames.map((frame) => {
    const text = frame.toString('latin1');
    return { frame, at: sequenceAt(text), stamp: stampAt(text) };
  });
  let start = performance.now();
  const standStill = async (until: Promise<void>) => {
    const since = performance.now();
    await until;
    start += performance.now() - since;
  };
  // a client that has left opens no gate
  if (gate !== undefined) stream.once('close', () => gates.open(gate));
  for (let sent = 0; sent < results && stream.writable;) {
    const opened = gates.opened(gate);
    if (opened) {
      await standStill(opened);
      continue;
    }
    if (sent >= due(performance.now() - start, rate, burst)) {
      await delay(1);
      continue;
    }
    const { frame, at, stamp } = templates[sent % templates.length]!;
    const copy = Buffer.from(frame);
    copy.write(sequenceDigits(sent), at, 'latin1');
    if (stamp >= 0) copy.write(stampDigits(), stamp, 'latin1');
    sent += 1;
    if (!stream.write(copy)) await standStill(drained(stream));
  }
}

/** How many there should be after so many ms. */
function due(ms: number, rate: number, burst: number): number {
  const seconds = Math.floor(ms / 1_000);
  const rest = ms / 1_000 - seconds;
  const ofBurst = Math.min(rest, 0.1);
  return seconds * (burst * 0.1 + rate * 0.9) + burst * ofBurst + rate * (rest - ofBurst);
}

/** Frames that are written again and again, made in advance. */
interface FrameLoop {
  readonly bytes: Buffer;
  /** Where each begins; the last is the end of all. */
  readonly offsets: Float64Array;
}

/** Makes the loops of single operations once: many sockets, one after another or at once, ask for the same. */
function frameLoops(): typeof frameLoop {
  const made = new Map<string, FrameLoop>();
  return (words, ids, text, variables) => {
    if (ids.length > 1) return frameLoop(words, ids, text, variables);
    const results = roundsOf(variables);
    const key = JSON.stringify([words.subscribe, ids, { ...variables, results }]);
    const loop = made.get(key) ?? frameLoop(words, ids, text, variables);
    made.set(key, loop);
    return loop;
  };
}

/** One frame for each operation in turn, again and again; the nth differing result has number n. */
export function frameLoop(
  { result }: Words,
  ids: readonly string[],
  text: string,
  variables: FeedVariables,
): FrameLoop {
  const round = ids.map((id) => frame(result(id, text, variables.sorted)));
  const lengths = round.map(({ length }) => length);
  const { repeat = 1 } = variables;
  const rounds = roundsOf(variables);
  const bytes = Buffer.concat(Array.from({ length: rounds }, () => round).flat());
  const offsets = new Float64Array(rounds * ids.length + 1);
  const at = round.map((one) => sequenceAt(one.toString('latin1')));
  for (let n = 0; n < rounds * ids.length; n += 1) {
    const which = n % ids.length;
    bytes.write(sequenceDigits(Math.floor(n / repeat)), offsets[n]! + at[which]!, 'latin1');
    offsets[n + 1] = offsets[n]! + lengths[which]!;
  }
  return { bytes, offsets };
}

/** Bytes of one write. */
const block = 256 * 1_024;

/** Writes frames as fast as the client reads, and no faster: `total` of them, or until it leaves. */
export async function flood(stream: Duplex, loop: FrameLoop, total: number): Promise<void> {
  const { bytes, offsets } = loop;
  const count = offsets.length - 1;
  const atOnce = Math.max(1, Math.round((block * count) / bytes.length));
  let sent = 0;
  while (sent < total && stream.writable) {
    const from = sent % count;
    const to = Math.min(from + atOnce, count, from + total - sent);
    sent += to - from;
    if (!stream.write(bytes.subarray(offsets[from], offsets[to]))) await drained(stream);
  }
}

/** Stops feeds by name, and lets them go on. */
export interface Gates {
  shut(name: string): void;
  open(name: string): void;
  /** Resolves when feeds of that name may go on; nothing where they may now. */
  opened(name: string | undefined): Promise<void> | undefined;
}

function createGates(): Gates {
  const shut = new Map<string | undefined, { readonly opened: Promise<void>; open(): void }>();
  return {
    shut(name) {
      if (shut.has(name)) return;
      let open = () => {};
      const opened = new Promise<void>((resolve) => (open = resolve));
      shut.set(name, { opened, open });
    },
    open(name) {
      shut.get(name)?.open();
      shut.delete(name);
    },
    opened: (name) => shut.get(name)?.opened,
  };
}

/** What the messages of a protocol are called. */
export interface Words {
  readonly subscribe: string;
  readonly keepAlive: boolean;
  result(id: string, payload: string, sorted?: boolean): string;
}

function wordsOf(subprotocol: string): Words {
  const legacy = subprotocol === 'graphql-ws';
  const type = legacy ? 'data' : 'next';
  return {
    subscribe: legacy ? 'start' : 'subscribe',
    keepAlive: legacy,
    result: (id, payload, sorted = false) =>
      sorted
        ? `{"id":"${id}","payload":${payload},"type":"${type}"}`
        : `{"id":"${id}","type":"${type}","payload":${payload}}`,
  };
}

/**
 * A server of both protocols that costs as little as can be: it writes frames that were made in advance, many of them at once, past `ws`. A
 * process of its own, so that what it does is not measured; it ends with the process that started it. By HTTP it is asked for the rest.
 */
const counts: Counts = { opened: 0, closedWith1000: 0, subscribed: 0, completed: 0 };
const ids: string[] = [];
const loop = frameLoops();
const gates = createGates();
const obey = (asked: Asked, gate: string) => {
  if (asked === 'drop') for (const stream of streams) stream.destroy();
  else if (asked === 'haunt') {
    const late = ids.map((id) => messageFrame({ id, type: 'next', payload: { data: {} } }));
    for (const stream of streams) stream.write(Buffer.concat(late));
  } else if (asked !== 'count') gates[asked](gate);
};
const { url, streams } = await upgradeServer(
  (socket, stream) => {
    counts.opened += 1;
    socket.on('close', (code) => {
      if (code === 1000) counts.closedWith1000 += 1;
    });
    const receive = serveClient(stream, wordsOf(socket.protocol), loop, gates);
    socket.on('message', (data: Buffer) => {
      const { type, id } = receive(data.toString());
      if (type === 'complete') counts.completed += 1;
      if (type !== 'subscribe') return;
      counts.subscribed += 1;
      ids.push(id);
    });
  },
  {
    onRequest({ url: path = '' }, response) {
      const { searchParams } = new URL(path, 'http://127.0.0.1');
      obey(searchParams.get('asked') as Asked, searchParams.get('gate') ?? '');
      const done: Done = { at: performance.timeOrigin + performance.now(), ...counts };
      response.end(JSON.stringify(done));
    },
  },
);
process.once('disconnect', () => process.exit());
process.send?.({ url });
