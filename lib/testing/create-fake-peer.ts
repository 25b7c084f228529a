import type { SentRequest } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import type { FakeOperation, FakePeer, FakePeerControls, OperationRef } from './fake-peer.js';
import type { FakeWebSocket } from './fake-web-socket.js';
import { plainErrors, withPlainErrors } from './plain-errors.js';
import { parseSent, wireNames } from './wire.js';

/** The parts of a peer. */
export interface FakePeerParts extends Pick<FakePeer, 'attempt' | 'url' | 'offered' | 'options'> {
  readonly webSocket: FakeWebSocket;
  /** Grows with each frame of the client. */
  readonly frames: FakePeer['frames'];
}

/** Creates the server's end of a fake WebSocket. */
export function createFakePeer({ webSocket, frames, ...dial }: FakePeerParts): FakePeer {
  const { socket, closes, pings, ignoreClose, emit } = webSocket;
  const sent = () => frames.map(({ text }) => parseSent(text));
  const operations = (): readonly FakeOperation[] =>
    sent()
      .filter(({ type }) => type === wireNames(socket.protocol).subscribe)
      .map(({ id, payload }) => ({ id: String(id), request: payload as SentRequest }));
  const transport = transportOf(webSocket, dial.offered);
  return {
    ...dial,
    dialledAt: asyncScheduler.now(),
    frames,
    closes,
    pings,
    get readyState() {
      return socket.readyState;
    },
    get subprotocol() {
      return socket.protocol;
    },
    get sent() {
      return sent();
    },
    get operations() {
      return operations();
    },
    get paused() {
      return webSocket.paused;
    },
    ...transport,
    ...messagesOver(transport.send, socket, (operation) => findId(operations(), operation)),
    drop: () => transport.close(1006),
    ignoreClose,
    emit,
  };
}

function transportOf(
  webSocket: FakeWebSocket,
  offered: readonly string[],
): Pick<FakePeerControls, 'open' | 'send' | 'close' | 'fail'> {
  let opened = false;
  let ended = false;
  return {
    open: (subprotocol = offered[0] ?? '') => {
      if (opened || ended) throw new Error('open(): this socket was opened or closed before');
      opened = true;
      webSocket.open(subprotocol);
    },
    send: (...values) => {
      if (!opened) throw new Error('nothing can be sent before open()');
      for (const value of values) {
        if (ended) return;
        const raw = typeof value !== 'object' || value === null || isBytes(value);
        webSocket.receive(raw ? value : JSON.stringify(value));
      }
    },
    close: (code = 1005, reason = '', wasClean = code !== 1006) => {
      ended = true;
      webSocket.end(code, reason, wasClean);
    },
    fail: (error) => {
      ended = true;
      webSocket.fail(error);
    },
  };
}

function messagesOver(
  send: (message: object) => void,
  socket: FakeWebSocket['socket'],
  idOf: (operation: OperationRef) => string,
): Pick<FakePeer, 'ack' | 'next' | 'result' | 'error' | 'complete' | 'ka' | 'ping'> {
  const names = () => wireNames(socket.protocol);
  const result = (operation: OperationRef, payload: object) =>
    send({ type: names().next, id: idOf(operation), payload: withPlainErrors(payload) });
  return {
    ack: (payload) => send({ type: 'connection_ack', payload }),
    next: (operation, data) => result(operation, { data }),
    result,
    error: (operation, errors) =>
      send({ type: 'error', id: idOf(operation), payload: plainErrors(errors) }),
    complete: (operation) => send({ type: 'complete', id: idOf(operation) }),
    ka: () => send({ type: names().heartbeat }),
    ping: (payload) => {
      const type = names().ping;
      if (type === undefined)
        throw new Error('the legacy protocol has no ping: its heartbeat is ka()');
      send({ type, payload });
    },
  };
}

function findId(operations: readonly FakeOperation[], operation: OperationRef): string {
  const [found, name] =
    typeof operation === 'number'
      ? [operations[operation - 1], `${operation}`]
      : [operations.find(({ id }) => id === operation), `"${operation}"`];
  if (found) return found.id;
  const sent = operations.map(({ id }) => `"${id}"`).join(', ') || 'none';
  throw new Error(`no operation ${name} was sent on this connection; sent were: ${sent}`);
}

function isBytes(value: object): boolean {
  // by its tag: test environments have globals of their own
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object Blob]' || ArrayBuffer.isView(value);
}
