import { WebSocket } from 'ws';
import type { WebSocketConstructor } from '../../lib/transport/socket.js';

/** The WebSocket of `ws`, and the sockets that were made of it. */
export function tapped() {
  const sockets: WebSocket[] = [];
  const implementation = class extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      sockets.push(this);
    }
  } as WebSocketConstructor;
  return { implementation, sockets };
}
