import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { frame, messageFrame } from '../../helpers/net/frame.js';
import type { FeedCounts, FeedVariables } from './feed-messages.js';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly variables: FeedVariables };
}

const perBlock = 1_000;

/** Speaks with one client. Returns what hears its messages. */
export function serveFeed(stream: Duplex, counts: FeedCounts, ids: string[]) {
  const write = (bytes: Uint8Array) => {
    if (stream.writableCorked === 0) {
      // what is answered in one turn goes out in one write
      stream.cork();
      process.nextTick(() => {
        stream.uncork();
      });
    }
    return stream.write(bytes);
  };
  return (text: string) => {
    const { type, id, payload } = JSON.parse(text) as Message;
    if (type === 'connection_init') write(messageFrame({ type: 'connection_ack' }));
    if (type === 'ping') write(messageFrame({ type: 'pong' }));
    if (type === 'complete') counts.completed += 1;
    if (type !== 'subscribe') return;
    counts.subscribed += 1;
    ids.push(id);
    const { results, every } = payload.variables;
    if (every !== undefined) void drip(stream, id, results, every);
    else if (results > perBlock) void flood(stream, id, results);
    else write(block(id, results));
  };
}

function block(id: string, results: number): Buffer {
  const trade = '{"symbol":"SOL","price":142.07,"amount":3.5,"signature":"5mPkQx0Y7TqB"}';
  const one = frame(`{"id":"${id}","type":"next","payload":{"data":{"trade":${trade}}}}`);
  return Buffer.concat(Array.from({ length: results }, () => one));
}

async function drip(stream: Duplex, id: string, results: number, every: number): Promise<void> {
  const one = block(id, 1);
  for (let sent = 0; sent < results && stream.writable; sent += 1) {
    stream.write(one);
    await delay(every);
  }
}

/** As fast as the client reads, and no faster. */
async function flood(stream: Duplex, id: string, results: number): Promise<void> {
  const many = block(id, perBlock);
  for (let sent = 0; sent < results && stream.writable; sent += perBlock) {
    if (stream.write(many)) continue;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        stream.off('drain', goOn).off('close', goOn);
        resolve();
      };
      stream.on('drain', goOn).on('close', goOn);
    });
  }
}
