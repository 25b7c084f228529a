import type { WebSocketConstructor, WebSocketLike } from 'rx-graphql-ws';

/** A socket as its client sees it. */
export interface ClientSocket extends Omit<WebSocketLike, HandlerName | 'readyState'>, Handlers {
  readyState: number;
}

type HandlerName = 'onopen' | 'onmessage' | 'onerror' | 'onclose';
type Handlers = Record<HandlerName, (event: object) => void>;

/** The same constructor, and the sockets that it made: for what a server cannot do to them. */
export function held(Implementation: WebSocketConstructor) {
  const sockets: ClientSocket[] = [];
  const webSocketImpl = function (...dial: ConstructorParameters<WebSocketConstructor>) {
    const socket = new Implementation(...dial);
    sockets.push(socket);
    return socket;
  } as unknown as WebSocketConstructor;
  return { webSocketImpl, sockets };
}
