import type { SentRequest } from 'rx-graphql-ws';
import { asyncScheduler } from 'rxjs';
import type { FakeOperation, FakePeer, FakePeerControls, OperationRef } from './fake-peer.js';
import type { FakeWebSocket } from './fake-web-socket.js';
import { parseSent, plainErrors, wireNames, type WireNames, withPlainErrors } from './wire.js';
import { withGetters } from './with-getters.js';

interface FakePeerParts extends Pick<FakePeer, 'attempt' | 'url' | 'offered' | 'options'> {
  readonly webSocket: FakeWebSocket;
  /** Grows with each frame of the client. */
  readonly frames: FakePeer['frames'];
}

export function createFakePeer({ webSocket, frames, ...dial }: FakePeerParts): FakePeer {
  const { socket, closes, pings } = webSocket;
  const names = () => wireNames(socket.protocol);
  const sent = () => frames.map(({ text }) => parseSent(text));
  const operations = (): readonly FakeOperation[] =>
    sent()
      .filter(({ type }) => type === names().subscribe)
      .map(({ id, payload }) => ({ id: String(id), request: payload as SentRequest }));
  const transport = transportOf(webSocket, dial.offered);
  return withGetters(
    {
      ...{ ...dial, dialledAt: asyncScheduler.now(), frames, closes, pings },
      ...transport,
      ...messagesOf(transport.send, names, (operation) => findId(operations(), operation)),
    },
    {
      readyState: () => socket.readyState,
      subprotocol: () => socket.protocol,
      sent,
      operations,
      paused: () => webSocket.isPaused(),
    },
  );
}

type Messages = 'ack' | 'next' | 'result' | 'error' | 'complete' | 'ka' | 'ping';

function messagesOf(
  send: (message: object) => void,
  names: () => WireNames,
  idOf: (operation: OperationRef) => string,
): Pick<FakePeerControls, Messages> {
  const result: FakePeer['result'] = (operation, payload) =>
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

function transportOf(
  webSocket: FakeWebSocket,
  offered: readonly string[],
): Omit<FakePeerControls, Messages> {
  let opened = false;
  let ended = false;
  const close: FakePeer['close'] = (code = 1005, reason = '', wasClean = code !== 1006) => {
    ended = true;
    webSocket.end(code, reason, wasClean);
  };
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
    close,
    drop: () => close(1006),
    ignoreClose: () => webSocket.ignoreClose(),
    emit: (event, ...values) => webSocket.emit(event, ...values),
    fail: (error) => {
      ended = true;
      webSocket.fail(error);
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
