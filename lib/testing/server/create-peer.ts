import { filter, map, ReplaySubject, Subject } from 'rxjs';
import { tamperWithSocket, type TamperingParts } from './faults/tamper-with-socket.js';
import type { Line } from './faults/create-line.js';
import type { Peer } from './peer.js';
import { readMessages } from './read-messages.js';
import type { ServedPeer } from './served-peer.js';
import { parseWireMessage } from './wire-message.js';

/** What a peer is made of. */
export interface PeerParts extends Pick<Peer, 'url' | 'headers'>, TamperingParts {
  /** Whether late subscribers are told what was received before. */
  readonly history: boolean;
}

/** The {@link Peer} of an open WebSocket, entered into the ledger. */
export function createPeer(parts: PeerParts): ServedPeer {
  const { socket, url, headers, connection } = parts;
  const { line, closing$, faults, answer } = tamperWithSocket(parts);
  const { frames$, closed$, forgotten } = receive(parts, line);
  const received$ = frames$.pipe(
    map(parseWireMessage),
    filter((message) => message !== undefined),
  );
  return {
    ...faults,
    ...readMessages(received$, forgotten),
    connection,
    url,
    headers,
    subprotocol: socket.protocol,
    frames$,
    received$,
    closing$,
    closed$,
    answer: (frame) => {
      answer([frame]);
    },
  };
}

/** The ears of a peer. */
interface Reception extends Pick<Peer, 'frames$' | 'closed$'> {
  /** How many messages were told that late subscribers are not told. */
  forgotten(): number;
}

function receive({ socket, connection, write, history }: PeerParts, { pass }: Line): Reception {
  const closed$ = new ReplaySubject<{ code: number; reason: string }>(1);
  const frames$ = history ? new ReplaySubject<string>(Infinity) : new Subject<string>();
  let forgotten = 0;
  write({ type: 'opened', connection, subprotocol: socket.protocol });
  const take = (frame: string) => {
    const message = parseWireMessage(frame);
    write({ type: 'received', connection, frame, message });
    // What comes after our own close frame is noted, but no longer answered.
    if (socket.readyState !== socket.OPEN) return;
    if (message && !history) forgotten += 1;
    frames$.next(frame);
  };
  socket.on('message', (data) => {
    const frame = (data as Buffer).toString();
    pass(() => {
      take(frame);
    });
  });
  // A frame that is not WebSocket's own is answered by ws with a close.
  socket.on('error', ignore);
  socket.on('close', (code, bytes) => {
    const reason = bytes.toString();
    write({ type: 'closed', connection, code, reason });
    frames$.complete();
    closed$.next({ code, reason });
    closed$.complete();
  });
  return {
    frames$: frames$.asObservable(),
    closed$: closed$.asObservable(),
    forgotten: () => forgotten,
  };
}

function ignore(): void {
  // Nothing is lost: the close event follows.
}
