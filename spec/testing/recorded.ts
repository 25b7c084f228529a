import { asyncScheduler } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import type { Replay } from 'rx-graphql-ws/testing';
import { record } from 'rx-graphql-ws/testing';

export const document = 'subscription { price }';
export const header = { recording: 'rx-graphql-ws', version: 1 };
export const init = { type: 'connection_init' };
export const ack = { type: 'connection_ack' };

const textOf = (message: string | object) =>
  typeof message === 'string' ? message : JSON.stringify(message);
const frame =
  (direction: string) =>
  (time: number, message: string | object, attempt = 1) => ({
    ...{ time, attempt, direction, text: textOf(message) },
  });

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

/** What a client asks for, and a server answers, in one protocol. */
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

/** The lines of a handshake at once, and of one operation. */
export function begun(subprotocol = 'graphql-transport-ws', time = 0, attempt = 1) {
  return [
    opened(time, subprotocol, attempt),
    sent(time, init, attempt),
    received(time, ack, attempt),
    sent(time, wire(subprotocol).subscribe('1'), attempt),
  ];
}

/** A socket object over a replay, which dials again after 10 ms. */
export function socketOver(server: Replay, config: Partial<GraphQLSocketConfig> = {}) {
  return graphqlSocket({
    ...{ url: 'ws://replay', webSocketImpl: server, retry: { delay: 10 }, pingInterval: false },
    ...config,
  });
}

/** Runs for so many ms; gives what came when. */
export function observe(helpers: RunHelpers, socket: GraphQLSocket, ms: number) {
  const log: unknown[][] = [];
  const lines: string[] = [];
  const now = () => asyncScheduler.now();
  record(socket).subscribe((line) => lines.push(line));
  const subscribe = (query = document) =>
    socket.subscribe$(query).subscribe({
      next: (data) => log.push([now(), data]),
      error: (error: Error) => log.push([now(), error.message]),
      complete: () => log.push([now(), 'complete']),
    });
  return {
    log,
    /** What is recorded of it. */
    lines,
    subscribe,
    /** Does something at a time. */
    at: (time: number, act: () => unknown) => asyncScheduler.schedule(() => void act(), time),
    /** Lets all of it happen; `close` ends it. */
    run: () => {
      asyncScheduler.schedule(() => {
        socket.close();
      }, ms);
      helpers.flush();
      return log;
    },
  };
}
