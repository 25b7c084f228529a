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
    const { results, every, bytesPerSecond } = payload.variables;
    if (bytesPerSecond !== undefined) void stroll(stream, id, results, bytesPerSecond);
    else if (every !== undefined) void drip(stream, id, results, every);
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
    if (!stream.write(many)) await room(stream);
  }
}

/** At a steady rate, or as fast as the client reads. What was not sent in time is not made up for. */
async function stroll(stream: Duplex, id: string, results: number, rate: number): Promise<void> {
  const filler = 'x'.repeat(10_000);
  let due = 0;
  let before = performance.now();
  for (let sent = 0; sent < results && stream.writable;) {
    const now = performance.now();
    due = Math.min(due + ((now - before) / 1_000) * (rate / filler.length), 100);
    before = now;
    for (; due >= 1; due -= 1) {
      sent += 1;
      const data = { number: sent, filler };
      if (!stream.write(messageFrame({ id, type: 'next', payload: { data } }))) await room(stream);
    }
    await delay(1);
  }
}

/** Until the stream takes more, or never will. */
function room(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      stream.off('drain', goOn).off('close', goOn);
      resolve();
    };
    stream.on('drain', goOn).on('close', goOn);
  });
}
