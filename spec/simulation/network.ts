import type { WebSocketConstructor, WebSocketLike } from 'rx-graphql-ws';
import type { FakePeer, SentMessage } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { Line } from './line.js';
import type { Settings } from './settings.js';

export interface NetworkEvents {
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
}

/** The fake sockets of one run, each with its line. Pings are answered at once, unless the peer is silent. */
export function createNetwork(
  { ws }: Settings,
  now: () => number,
  events: NetworkEvents,
): WebSocketConstructor {
  const lines = new Map<FakePeer, Line>();
  const received = (message: SentMessage, peer: FakePeer) => {
    const line = lines.get(peer);
    if (line) events.heard(line, message);
  };
  const fake = fakeSocket({ ws, received, answerPings: false });
  const dial = function (url: string, offered?: string[], options?: unknown) {
    const raw: WebSocketLike & { ping?: () => void } = new fake(url, offered, options);
    const { peer } = fake;
    const line = createLine(peer, raw, now());
    lines.set(peer, line);
    if (ws) {
      raw.ping = () => {
        if (line.silent || line.endedWith !== undefined) return;
        line.heardAt = now();
        peer.emit('pong');
      };
    }
    events.dialled(line);
    return raw;
  };
  return dial as unknown as WebSocketConstructor;
}

function createLine(peer: FakePeer, raw: WebSocketLike, dialledAt: number): Line {
  return {
    peer,
    raw,
    dialledAt,
    openedAt: undefined,
    ackedAt: undefined,
    heardAt: dialledAt,
    pings: 0,
    proven: false,
    silent: false,
    closesAtPing: undefined,
    endedWith: undefined,
    fault: undefined,
    operations: new Map(),
    stops: new Set(),
    late: new Set(),
    useful: false,
    wokenAt: undefined,
    initialisedAt: undefined,
    suspects: 0,
    strayErrors: 0,
    lastKey: -1,
  };
}
