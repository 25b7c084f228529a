import type { Duplex } from 'node:stream';
import { filter, firstValueFrom, map, ReplaySubject, skip } from 'rxjs';
import type { WebSocket } from 'ws';
import type { LedgerWriter } from './ledger.js';
import type { Peer } from './peer.js';
import { parseWireMessage, type Frame, type WireMessage } from './wire-message.js';

/** What a peer is made of. */
export interface PeerParts extends Pick<Peer, 'connection' | 'url' | 'headers'> {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  readonly write: LedgerWriter['write'];
}

type NextMessage = () => Promise<WireMessage | undefined>;

/** The {@link Peer} of an open WebSocket, entered into the ledger. */
export function createPeer({ socket, stream, url, headers, connection, write }: PeerParts): Peer {
  const { frames$, closed$ } = receive(socket, connection, write, () => stalled);
  const received$ = frames$.pipe(
    map(parseWireMessage),
    filter((message) => message !== undefined),
  );
  let stalled = false;
  let taken = 0;
  const next = () => firstValueFrom(received$.pipe(skip(taken++)), { defaultValue: undefined });
  return {
    connection,
    url,
    headers,
    subprotocol: socket.protocol,
    frames$,
    received$,
    closed$,
    read: (type) => {
      const message = expectMessage(next, type);
      // A script may leave a read unawaited: that must not end the process.
      message.catch(ignore);
      return message;
    },
    [Symbol.asyncIterator]: () => iterate(next),
    send: (...frames) => {
      if (stalled) return;
      // All are encoded first: what throws must not leave the stream corked.
      const encoded = frames.map(encode);
      stream.cork();
      for (const frame of encoded) socket.send(frame, ignore);
      stream.uncork();
    },
    close: (code, reason) => {
      if (!stalled) socket.close(code, reason);
    },
    drop: () => {
      socket.terminate();
    },
    stall: () => {
      stalled = true;
      socket.pause();
    },
  };
}

function receive(
  socket: WebSocket,
  connection: number,
  write: LedgerWriter['write'],
  isStalled: () => boolean,
): Pick<Peer, 'frames$' | 'closed$'> {
  const closed$ = new ReplaySubject<{ code: number; reason: string }>(1);
  const frames$ = new ReplaySubject<string>(Infinity);
  write({ type: 'opened', connection, subprotocol: socket.protocol });
  socket.on('message', (data) => {
    if (isStalled()) return;
    const frame = (data as Buffer).toString();
    write({ type: 'received', connection, frame, message: parseWireMessage(frame) });
    // What comes after our own close frame is noted, but no longer answered.
    if (socket.readyState === socket.OPEN) frames$.next(frame);
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
  return { frames$: frames$.asObservable(), closed$: closed$.asObservable() };
}

async function expectMessage(next: NextMessage, type?: string): Promise<WireMessage> {
  const message = await next();
  if (message === undefined)
    throw new Error(`expected ${type ?? 'a message'}, but the socket closed`);
  if (type !== undefined && message.type !== type)
    throw new Error(`expected ${type}, received ${JSON.stringify(message)}`);
  return message;
}

async function* iterate(next: NextMessage): AsyncGenerator<WireMessage, undefined> {
  for (let message = await next(); message !== undefined; message = await next()) yield message;
}

function encode(frame: Frame): string | Uint8Array {
  return typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}

function ignore(): void {
  // Nothing is lost: the close event follows.
}
