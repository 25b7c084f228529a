import WebSocket from 'isomorphic-ws';
import { badOperation, liveTrades } from './client.js';
import type { Client, ClientOptions, Trades } from './client.js';

/** As it is often written: what runs is started again on each connection. */
export function naiveClient(options: ClientOptions): Client {
  const operations = new Map([['1', liveTrades]]);
  let id = 1;
  const { send, close } = keepConnected(options, () => operations.forEach(start));
  const start = (query: string, id: string) => {
    operations.set(id, query);
    send({ type: 'start', id, payload: { query } });
  };
  const stop = (id: string) => {
    operations.delete(id);
    send({ type: 'stop', id });
  };
  return {
    change: () => {
      stop(String(id));
      id += 1;
      start(liveTrades, String(id));
    },
    add: () => start(badOperation, 'bad'),
    remove: () => stop('bad'),
    leave: () => stop(String(id)),
    close,
  };
}

/** It dials again when the socket closes, with a new token when five dials were refused. */
function keepConnected({ url, token, pace, ...on }: ClientOptions, begin: () => void) {
  let [failures, access] = [0, token()];
  let socket: WebSocket;
  let dialling: ReturnType<typeof setTimeout>;
  const send = (message: object) => {
    if (socket.readyState === 1) socket.send(JSON.stringify(message));
  };
  const connect = () => {
    on.state(false, 'connecting');
    socket = new WebSocket(`${url}?token=${access}`, 'graphql-ws');
    socket.onopen = () => send({ type: 'connection_init' });
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data as string) as { type: string; payload: { data: Trades } };
      if (message.type === 'data') message.payload.data.trades.forEach(on.trade);
      if (message.type !== 'connection_ack') return;
      on.state(true, 'connected');
      failures = 0;
      begin();
    };
    socket.onerror = () => undefined; // `onclose` follows
    socket.onclose = ({ code }) => {
      on.state(false, `closed with ${code}`);
      failures += 1;
      if (failures > 5) access = token();
      dialling = setTimeout(connect, 1_000 * pace);
    };
  };
  const close = () => {
    clearTimeout(dialling);
    socket.onclose = null;
    socket.close();
  };
  connect();
  return { send, close };
}
