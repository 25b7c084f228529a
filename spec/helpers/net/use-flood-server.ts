import { afterEach } from 'mocha';
import type { Socket } from 'node:net';
import { drained } from './drained.js';
import { messageFrame } from './frame.js';
import { upgradeServer } from './upgrade-server.js';

/** A row of a flood. */
export interface FloodRow {
  readonly n: number;
  readonly filler: string;
}

/** Bytes of a row, roughly. */
export const rowSize = 2_000;

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload?: { readonly variables: { readonly from: number; readonly to: number } };
}

/** Starts servers of graphql-transport-ws that give every operation rows from `variables.from` to `variables.to`, as fast as the client reads. They are stopped after each test of the suite. */
export function useFloodServer() {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async () => {
    const { server, stop } = await listen();
    stops.push(stop);
    return server;
  };
}

async function listen() {
  const closed: number[] = [];
  let connections = 0;
  let written = 0;
  const flood = async (stream: Socket, id: string, from: number, to: number) => {
    for (let n = from; n <= to && stream.writable; n += 1) {
      const row: FloodRow = { n, filler: 'x'.repeat(rowSize) };
      const goesOn = stream.write(messageFrame({ id, type: 'next', payload: { data: row } }));
      if (!goesOn) await drained(stream);
      written += 1;
    }
  };
  const { url, streams, stop } = await upgradeServer((socket, stream) => {
    connections += 1;
    socket.on('close', (code) => closed.push(code));
    socket.on('message', (data: Buffer) => {
      const { type, id, payload } = JSON.parse(data.toString()) as Message;
      if (type === 'connection_init') stream.write(messageFrame({ type: 'connection_ack' }));
      if (type === 'ping') stream.write(messageFrame({ type: 'pong' }));
      if (payload?.variables) void flood(stream, id, payload.variables.from, payload.variables.to);
    });
  });
  const server = {
    url,
    /** Rows that it could write, over all connections. */
    get written() {
      return written;
    },
    closed,
    get connections() {
      return connections;
    },
    reset() {
      for (const stream of streams) stream.resetAndDestroy();
    },
  };
  return { server, stop };
}
