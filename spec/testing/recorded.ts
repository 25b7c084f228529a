import { asyncScheduler } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { ReplayOptions } from 'rx-graphql-ws/testing';
import { record, replay } from 'rx-graphql-ws/testing';
import { flush } from '../helpers/test.js';
import { document, init, socketOver } from './marble-test.js';

export const header = { recording: 'rx-graphql-ws', version: 1 };
export const ack = { type: 'connection_ack' };

const frame =
  (direction: string) =>
  (time: number, message: string | object, attempt = 1) => {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    return { time, attempt, direction, text };
  };

export const sent = frame('sent');
export const received = frame('received');
export const opened = (time: number, subprotocol = 'graphql-transport-ws', attempt = 1) => ({
  ...{ time, attempt, opened: subprotocol },
});
export const closed = (time: number, code: number, reason = '', attempt = 1) => ({
  ...{ time, attempt, closed: code, reason },
});
export const status = (time: number, state: string, error?: string) => ({
  ...{ time, status: state, error },
});

/** A recording of these lines. */
export const recordingOf = (...lines: readonly object[]) =>
  [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');

/** The messages of one protocol. */
export const wire = (subprotocol: string) => {
  const legacy = subprotocol === 'graphql-ws';
  return {
    subscribe: (id: string, query = document) => ({
      ...{ type: legacy ? 'start' : 'subscribe', id, payload: { query } },
    }),
    stop: (id: string) => ({ type: legacy ? 'stop' : 'complete', id }),
    next: (id: string, data: unknown) => ({
      ...{ type: legacy ? 'data' : 'next', id, payload: { data } },
    }),
  };
};

/** The lines of an opened and acknowledged socket with one operation, all at one time. */
export function begun(subprotocol = 'graphql-transport-ws', time = 0, attempt = 1) {
  return [
    opened(time, subprotocol, attempt),
    sent(time, init, attempt),
    received(time, ack, attempt),
    sent(time, wire(subprotocol).subscribe('1'), attempt),
  ];
}

/** Subscribes and acts on a socket, and logs the events of the subscribers with their times. */
export function observe(socket: GraphQLSocket) {
  const log: unknown[][] = [];
  const lines: string[] = [];
  const now = () => asyncScheduler.now();
  const at = (time: number, act: () => unknown) => asyncScheduler.schedule(() => void act(), time);
  record(socket).subscribe((line) => lines.push(line));
  const subscribe = (query = document) =>
    socket.subscribe$(query).subscribe({
      next: (data) => log.push([now(), data]),
      error: (error: Error) => log.push([now(), error.message]),
      complete: () => log.push([now(), 'complete']),
    });
  return {
    log,
    /** A recording of the socket. */
    lines,
    /** The recording as objects, without its header. */
    parsed: () => lines.slice(1).map((line) => JSON.parse(line) as Record<string, unknown>),
    subscribe,
    at,
    /** Runs for so many ms, then closes the socket. */
    run: (ms: number) => {
      at(ms, () => socket.close());
      flush();
      return log;
    },
  };
}

/** Observes a socket over a replay of these lines. */
export function observeReplay(
  lines: readonly object[],
  config: Partial<GraphQLSocketConfig> = {},
  options: ReplayOptions = {},
) {
  const server = replay(recordingOf(...lines), options);
  const socket = socketOver(server, config);
  return { server, socket, ...observe(socket) };
}
