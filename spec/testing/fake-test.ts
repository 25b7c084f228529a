import { asyncScheduler } from 'rxjs';
import type { FakeSocketOptions } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { ClientSocket } from '../helpers/held.js';

/** What the sockets of `ws` have besides. */
interface WsSocket extends ClientSocket {
  on(event: string, listener: (...values: unknown[]) => void): void;
  ping(): void;
  terminate(): void;
}

/** Dials a fake socket by hand, and writes down what its client hears: `[ms, event, what it tells]`. */
export function dial(options?: FakeSocketOptions, offered: string[] = ['graphql-transport-ws']) {
  const fake = fakeSocket(options);
  const socket = new fake('ws://peer/graphql', offered) as unknown as WsSocket;
  const heard: unknown[][] = [];
  const hear = (event: object) => {
    const { type, ...rest } = event as { type: string };
    heard.push([asyncScheduler.now(), type, ...Object.values<unknown>(rest)]);
  };
  socket.onopen = socket.onmessage = socket.onerror = socket.onclose = hear;
  return { fake, socket, heard };
}
