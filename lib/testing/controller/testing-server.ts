import type { SentRequest, WebSocketConstructor, WebSocketLike } from 'rx-graphql-ws';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Observable } from 'rxjs';
import { asapScheduler, Subject } from 'rxjs';
import { fakeSocket } from '../fake-socket.js';
import { CLOSED, CONNECTING } from '../fake-web-socket.js';
import { wireNames } from '../wire.js';
import { createTestOperation, type HeldOperation } from './test-operation.js';

/** The server behind a controller. It shakes hands by itself; the rest is said by the test. */
export interface TestingServer {
  readonly webSocketImpl: WebSocketConstructor;
  /** Every operation sent, in order, over all connections. */
  readonly operations: readonly HeldOperation[];
  /** Whether it is out of reach. */
  readonly isDown: boolean;
  /** Emits when it is within reach again. */
  readonly restored$: Observable<void>;
  /** Shakes hands now, where a dial waits for it. */
  accept(): void;
  /** Ends the connection, and accepts none. */
  disconnect(code: number, reason: string): void;
  /** Accepts connections again. */
  reconnect(): void;
}

type HangUp = (code: number, reason?: string) => void;

/** A server that is within reach, and was not dialled yet. */
export function createTestingServer(): TestingServer {
  const operations: HeldOperation[] = [];
  const restored$ = new Subject<void>();
  const byId = new Map<string, HeldOperation>();
  let hangUp: HangUp = () => undefined;
  let isDown = false;

  const fake = fakeSocket({
    received: ({ type, id, payload }, peer) => {
      const names = wireNames(peer.subprotocol);
      if (type === names.stop) byId.get(String(id))?.unsubscribe();
      if (type !== names.subscribe) return;
      const held = createTestOperation(peer, String(id), payload as SentRequest);
      byId.set(held.operation.id, held);
      operations.push(held);
    },
  });
  const accept = () => {
    const peer = fake.peers.at(-1);
    if (isDown || peer?.readyState !== CONNECTING) return;
    // an application's own subprotocols are in its configuration: a token, a further dialect
    peer.open(peer.offered.find(isBuiltIn) ?? GRAPHQL_TRANSPORT_WS);
    peer.ack();
  };
  // a function that is called with `new`
  const webSocketImpl = function (url: string, offered: string[], options?: unknown) {
    const socket = new fake(url, offered, options);
    hangUp = closeAtOnce(socket);
    Object.assign(socket, readsOn);
    // in a microtask, for those who watch and never ask: nobody listens yet
    asapScheduler.schedule(accept);
    return socket;
  } as unknown as WebSocketConstructor;

  return {
    webSocketImpl,
    operations,
    get isDown() {
      return isDown;
    },
    restored$,
    accept,
    disconnect: (code, reason) => {
      accept();
      isDown = true;
      for (const held of operations) held.lose();
      hangUp(code, reason);
    },
    reconnect: () => {
      isDown = false;
      restored$.next();
      accept();
    },
  };
}

/** It may be told to stop reading, as `ws` may; nothing waits here, and so it reads on. */
const readsOn = { isPaused: false, pause: () => undefined, resume: () => undefined };

function isBuiltIn(subprotocol: string): boolean {
  return subprotocol === GRAPHQL_TRANSPORT_WS || subprotocol === SUBSCRIPTIONS_TRANSPORT_WS;
}

/** A real socket's end takes time. Here a test goes step by step, and no timer may be left when it ends. */
function closeAtOnce(socket: WebSocketLike): HangUp {
  const close: HangUp = (code, reason = '') => {
    Object.assign(socket, { readyState: CLOSED });
    const onclose = socket.onclose as (event: object) => void;
    onclose({ type: 'close', code, reason, wasClean: code !== 1006 });
  };
  Object.assign(socket, { close });
  return close;
}
