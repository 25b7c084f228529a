import type { Duplex } from 'node:stream';
import { frame, messageFrame } from '../../helpers/net/frame.js';
import type { FeedVariables } from '../feed.js';
import { resultText } from '../result.js';
import { flood } from './flood.js';
import type { frameLoop } from './frame-loop.js';
import type { Gates } from './gates.js';
import { pace } from './pace.js';
import type { Words } from './words.js';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly query: string; readonly variables: FeedVariables };
}

/** Speaks with one client. Returns what hears its messages, and tells what they are. */
export function serveClient(
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
