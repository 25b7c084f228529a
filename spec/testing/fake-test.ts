import { asyncScheduler } from 'rxjs';
import type { FakeSocketOptions } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { ClientSocket } from '../helpers/held.js';

/** The further members of the sockets of `ws`. */
interface WsSocket extends ClientSocket {
  readonly isPaused?: boolean;
  on(event: string, listener: (...values: unknown[]) => void): void;
  ping(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** Dials a fake socket by hand, and logs the client's events: `[ms, event, …members]`. */
export function dial(
  options?: FakeSocketOptions,
  offered: string[] = ['graphql-transport-ws'],
  third?: object,
) {
  const fake = fakeSocket(options);
  const socket = new fake('ws://peer/graphql', offered, third) as unknown as WsSocket;
  const heard: unknown[][] = [];
  const hear = (event: object) => {
    const { type, ...rest } = event as { type: string };
    heard.push([asyncScheduler.now(), type, ...Object.values<unknown>(rest)]);
  };
  socket.onopen = socket.onmessage = socket.onerror = socket.onclose = hear;
  return { fake, peer: fake.peer, socket, heard };
}

/** The same with an open socket. The log begins after `open`. */
export function dialOpen(options?: FakeSocketOptions, offered?: string[], third?: object) {
  const dialled = dial(options, offered, third);
  dialled.fake.open();
  dialled.heard.splice(0);
  return dialled;
}
