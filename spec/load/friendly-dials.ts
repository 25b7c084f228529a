import { asyncScheduler } from 'rxjs';
import type { WebSocketConstructor } from 'rx-graphql-ws';
import { fakeSocket, type FakePeer } from 'rx-graphql-ws/testing';

export type FriendlyDials = ReturnType<typeof friendlyDials>;

/**
 * Sockets without a network, whose server opens, acknowledges, answers pings, and gives every operation one result. Remembers nothing but the last socket: what a `fakeSocket` notes of all of them would look like a leak.
 */
export function friendlyDials(subprotocol = 'graphql-transport-ws') {
  let dialled = 0;
  let last: FakePeer | undefined;
  let dead = false;
  const dial = function (url: string, offered: readonly string[], options?: unknown) {
    const once = fakeSocket({
      ws: true,
      answerPings: false,
      dialled(peer) {
        asyncScheduler.schedule(() => {
          if (!dead) peer.open(subprotocol);
        });
      },
      received({ type, id }, peer) {
        if (dead) return;
        if (type === 'connection_init') peer.ack();
        else if (type === 'ping') peer.send({ type: 'pong' });
        else if (type === 'subscribe' || type === 'start') peer.next(String(id), { price: 1 });
      },
    });
    const socket = new once(url, [...offered], options);
    dialled += 1;
    last = once.peer;
    return socket;
  };
  return {
    webSocketImpl: dial as unknown as WebSocketConstructor,
    get dialled() {
      return dialled;
    },
    get peer() {
      if (!last) throw new Error('nothing was dialled');
      return last;
    },
    /** From now on nobody answers, and nobody closes. */
    die() {
      dead = true;
      last?.ignoreClose();
    },
  };
}
