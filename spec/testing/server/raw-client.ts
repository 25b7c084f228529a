import { once } from 'node:events';
import type { WireMessage } from 'rx-graphql-ws/testing/server';
import { WebSocket, type ClientOptions } from 'ws';

export const current = 'graphql-transport-ws';
export const legacy = 'graphql-ws';

/** A client without manners: sends what it is told, remembers what it hears. */
export interface RawClient {
  readonly socket: WebSocket;
  /** Every frame heard; binary ones as Buffers. */
  readonly heard: readonly unknown[];
  send(...frames: readonly (string | object)[]): void;
  /** Resolves with the next message that was not taken yet. */
  next(): Promise<WireMessage>;
  /** Resolves with the code and reason of the close event. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens a socket; rejects when the upgrade is refused. */
export async function dial(
  url: string,
  subprotocols: string | readonly string[] = current,
  options: ClientOptions = {},
): Promise<RawClient> {
  const socket = new WebSocket(url, [subprotocols].flat(), {
    perMessageDeflate: false,
    ...options,
  });
  const heard: unknown[] = [];
  const waiting: ((message: WireMessage) => void)[] = [];
  const untaken: WireMessage[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    heard.push(isBinary ? data : parse(data.toString()));
    const message = parse(data.toString()) as WireMessage;
    const next = waiting.shift();
    if (next) next(message);
    else untaken.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() });
    });
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    heard,
    send: (...frames) => {
      for (const frame of frames)
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    },
    next: () =>
      new Promise((resolve) => {
        const message = untaken.shift();
        if (message) resolve(message);
        else waiting.push(resolve);
      }),
    closed,
  };
}

/** Opens a socket and shakes hands. */
export async function connect(
  url: string,
  subprotocol: string = current,
  payload?: unknown,
): Promise<RawClient> {
  const client = await dial(url, subprotocol);
  client.send({ type: 'connection_init', payload });
  await client.next();
  return client;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
