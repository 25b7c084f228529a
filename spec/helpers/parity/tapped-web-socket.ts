import { WebSocket } from 'ws';
import type { WebSocketConstructor } from 'rx-graphql-ws';

/** A WebSocket constructor, and the sockets that it has made: what is done to them is done behind the client's back. */
export function tappedWebSocket(): {
  readonly webSocketImpl: WebSocketConstructor;
  readonly made: readonly WebSocket[];
} {
  const made: WebSocket[] = [];
  const webSocketImpl = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      made.push(this);
    }
  } as WebSocketConstructor;
  return { webSocketImpl, made };
}
