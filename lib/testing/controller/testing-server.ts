import type {
  GraphQLSocketConfig,
  SentRequest,
  WebSocketConstructor,
  WebSocketLike,
} from 'rx-graphql-ws';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { asapScheduler, type Observable, Subject } from 'rxjs';
import type { FakePeer } from '../fake-peer.js';
import { fakeSocket } from '../fake-socket.js';
import { CLOSED, CONNECTING } from '../fake-web-socket.js';
import { type SentMessage, wireNames } from '../wire.js';
import { holdOperation, type HeldOperation } from './test-operation.js';

/** Creates the server behind a controller. It opens and acknowledges by itself; the test does the rest. */
export function createTestingServer() {
  const { operations, received } = holdOperations();
  const restored$ = new Subject<void>();
  const fake = fakeSocket({ received });
  let socket: WebSocketLike | undefined;
  let isDown = false;
  const accept = () => {
    const peer = fake.peers.at(-1);
    if (isDown || peer?.readyState !== CONNECTING) return;
    // the configuration of an application may offer further subprotocols, for example a token
    peer.open(peer.offered.find(isBuiltIn));
    peer.ack();
  };
  // not an arrow function: `new` is used on it
  const webSocketImpl = function (url: string, offered: string[], options?: unknown) {
    socket = new fake(url, offered, options);
    // a client that reconnects stops nothing before it leaves
    const closing = () => operations.filter(({ state }) => state === 'open').forEach(lose);
    // the client may tell `ws` to stop reading, and no frame waits here
    const neverPaused = { isPaused: false, pause: () => undefined, resume: () => undefined };
    Object.assign(socket, neverPaused, { close: immediateClose(socket, closing) });
    // for a unit that only watches; later, because the client cannot listen yet; in rxjs' microtask, because virtual time controls
    // that one, and fake timers do not hold it back
    asapScheduler.schedule(accept);
    return socket;
  } as unknown as WebSocketConstructor;
  return {
    operations,
    isDown: () => isDown,
    configure: configuration(webSocketImpl, restored$),
    accept,
    disconnect: (code: number, reason: string) => {
      accept();
      isDown = true;
      operations.forEach(lose);
      socket?.close(code, reason);
    },
    reconnect: () => {
      isDown = false;
      restored$.next();
      accept();
    },
  };
}

function holdOperations() {
  const operations: HeldOperation[] = [];
  return {
    operations: operations as readonly HeldOperation[],
    received: ({ type, id, payload }: SentMessage, peer: FakePeer) => {
      const names = wireNames(peer.subprotocol);
      const stopped =
        type === names.stop && operations.find(({ operation }) => operation.id === id);
      if (stopped) stopped.state = 'unsubscribed';
      if (type !== names.subscribe) return;
      // a persisted document may have no text
      const request = { query: '', ...(payload as Partial<SentRequest>) } as SentRequest;
      operations.push(holdOperation(peer, String(id), request));
    },
  };
}

function lose(held: HeldOperation): void {
  if (['open', 'answered'].includes(held.state)) held.state = 'lost';
}

/**
 * Creates the configuration of a socket object that connects with this constructor, and dials again when `restored$` emits. `graphqlSocket`
 * refuses wrong options.
 */
function configuration(webSocketImpl: WebSocketConstructor, restored$: Observable<void>) {
  // no server is hammered, so that a test may disconnect as often as it likes
  Object.assign(webSocketImpl, { dialBurst: Infinity });
  const fixed = {
    ...{ webSocketImpl, codecs: undefined },
    ...({ connectTimeout: false, keepAliveTimeout: false, pingInterval: false } as const),
  };
  return (config: Partial<GraphQLSocketConfig>): GraphQLSocketConfig => {
    if (!isPlain(config)) return config;
    const { url = 'ws://testing', retry = {} } = config;
    const backoff = { resetAfter: 0, ...retry, delay: () => restored$ };
    return { ...config, url, ...fixed, retry: isPlain(retry) ? backoff : retry };
  };
}

function isBuiltIn(subprotocol: string): boolean {
  return subprotocol === GRAPHQL_TRANSPORT_WS || subprotocol === SUBSCRIPTIONS_TRANSPORT_WS;
}

/** The close of a real socket takes time. A test goes step by step, and no timer may be left behind. */
function immediateClose(socket: WebSocketLike, closing: () => void) {
  return (code: number, reason = ''): void => {
    closing();
    Object.assign(socket, { readyState: CLOSED });
    const onclose = socket.onclose as (event: object) => void;
    onclose({ type: 'close', code, reason, wasClean: code !== 1006 });
  };
}

function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
