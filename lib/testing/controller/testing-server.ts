import type {
  GraphQLSocketConfig,
  SentRequest,
  WebSocketConstructor,
  WebSocketLike,
} from 'rx-graphql-ws';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { asapScheduler, Subject } from 'rxjs';
import { fakeSocket } from '../fake-socket.js';
import { CLOSED, CONNECTING } from '../fake-web-socket.js';
import { wireNames } from '../wire.js';
import { createTestOperation, type HeldOperation } from './test-operation.js';

/** The server behind a controller. It opens and acknowledges by itself; the test does the rest. */
export type TestingServer = ReturnType<typeof createTestingServer>;

type CloseNow = (code: number, reason?: string) => void;

/** Creates a server that accepts connections. */
export function createTestingServer() {
  const operations: HeldOperation[] = [];
  const restored$ = new Subject<void>();
  const byId = new Map<string, HeldOperation>();
  let closeNow: CloseNow = () => undefined;
  let isDown = false;

  const fake = fakeSocket({
    received: ({ type, id, payload }, peer) => {
      const names = wireNames(peer.subprotocol);
      if (type === names.stop) byId.get(String(id))?.unsubscribe();
      if (type !== names.subscribe) return;
      // a persisted document may have no text
      const request = { query: '', ...(payload as Partial<SentRequest>) } as SentRequest;
      const held = createTestOperation(peer, String(id), request);
      byId.set(held.operation.id, held);
      operations.push(held);
    },
  });
  // a client that reconnects stops nothing before it leaves
  const loseOpen = () => {
    for (const held of operations) if (held.state === 'open') held.lose();
  };
  const accept = () => {
    const peer = fake.peers.at(-1);
    if (isDown || peer?.readyState !== CONNECTING) return;
    // the configuration of an application may offer further subprotocols, for example a token
    peer.open(peer.offered.find(isBuiltIn));
    peer.ack();
  };
  // not an arrow function: `new` is used on it
  const webSocketImpl = function (url: string, offered: string[], options?: unknown) {
    const socket = new fake(url, offered, options);
    closeNow = withImmediateClose(socket, loseOpen);
    Object.assign(socket, neverPaused);
    // for a unit that only watches; later, because the client cannot listen yet; in rxjs' microtask, because virtual time controls
    // that one, and fake timers do not hold it back
    asapScheduler.schedule(accept);
    return socket;
  } as unknown as WebSocketConstructor;
  // no server is hammered, so that a test may disconnect as often as it likes
  Object.assign(webSocketImpl, { dialBurst: Infinity });
  const fixed = {
    ...{ webSocketImpl, codecs: undefined },
    ...({ connectTimeout: false, keepAliveTimeout: false, pingInterval: false } as const),
  };

  return {
    /** Every operation of the client, in order, over all connections. */
    operations: operations as readonly HeldOperation[],
    /** Whether the server accepts no connection. */
    isDown: () => isDown,
    /** Creates the configuration of a socket object that connects to this server. `graphqlSocket` refuses wrong options. */
    configure: (config: Partial<GraphQLSocketConfig>): GraphQLSocketConfig => {
      if (!isPlain(config)) return config;
      const { url = 'ws://testing', retry = {} } = config;
      const backoff = { resetAfter: 0, ...retry, delay: () => restored$ };
      return { ...config, url, ...fixed, retry: isPlain(retry) ? backoff : retry };
    },
    /** Accepts a waiting dial now. */
    accept,
    /** Ends the connection, and accepts none. */
    disconnect: (code: number, reason: string) => {
      accept();
      isDown = true;
      for (const held of operations) held.lose();
      closeNow(code, reason);
    },
    /** Accepts connections again. */
    reconnect: () => {
      isDown = false;
      restored$.next();
      accept();
    },
  };
}

/** The client may tell `ws` to stop reading. No frame waits here, so nothing has to happen. */
const neverPaused = { isPaused: false, pause: () => undefined, resume: () => undefined };

function isBuiltIn(subprotocol: string): boolean {
  return subprotocol === GRAPHQL_TRANSPORT_WS || subprotocol === SUBSCRIPTIONS_TRANSPORT_WS;
}

/** The close of a real socket takes time. A test goes step by step, and no timer may be left behind. */
function withImmediateClose(socket: WebSocketLike, closing: () => void): CloseNow {
  const close: CloseNow = (code, reason = '') => {
    closing();
    Object.assign(socket, { readyState: CLOSED });
    const onclose = socket.onclose as (event: object) => void;
    onclose({ type: 'close', code, reason, wasClean: code !== 1006 });
  };
  Object.assign(socket, { close });
  return close;
}

function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
