import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WireMessage } from 'rx-graphql-ws/testing/server';
import { firstValueFrom, ReplaySubject, skip } from 'rxjs';
import { WebSocket, type ClientOptions } from 'ws';

export const current = 'graphql-transport-ws';
export const legacy = 'graphql-ws';

export const init = { type: 'connection_init' };
export const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ a }' } };
export const start = (id = '1') => ({ ...subscribe, type: 'start', id });

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
  const message$ = new ReplaySubject<WireMessage>();
  let taken = 0;
  socket.on('message', (data: Buffer, isBinary) => {
    heard.push(isBinary ? data : parse(data.toString()));
    message$.next(parse(data.toString()) as WireMessage);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
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
    next: () => firstValueFrom(message$.pipe(skip(taken++))),
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

/** Resolves with the status (101 if the upgrade is granted), the headers and the body of the answer to a dial. */
export async function answerTo(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, current, { headers });
  socket.on('error', () => {});
  const granted = once(socket, 'upgrade').then(([response]) => {
    socket.terminate();
    return { response: response as IncomingMessage, body: '' };
  });
  const refused = once(socket, 'unexpected-response').then(async ([, response]) => ({
    response: response as IncomingMessage,
    body: await text(response as IncomingMessage),
  }));
  const { response, body } = await Promise.race([granted, refused]);
  return { status: response.statusCode, headers: response.headers, body };
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return frame;
  }
}
