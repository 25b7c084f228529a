import type { Duplex } from 'node:stream';
import { filter, firstValueFrom, map, type Observable, ReplaySubject, skip, Subject } from 'rxjs';
import type { Dialect } from './dialects.js';
import { createLine, type Line } from './line.js';
import { createOutput, type OutputParts } from './peer-output.js';
import type { Peer } from './peer.js';
import { perform, socketFaults } from './socket-faults.js';
import { type Frame, parseWireMessage, type WireMessage } from './wire-message.js';

/** A peer with the parts of its socket that only the server needs. */
export interface ServedSocket {
  readonly peer: Peer;
  /** The protocol of the socket; `undefined` if neither was selected and there is no `fallback`. */
  readonly dialect: Dialect | undefined;
  /** The TCP or TLS stream below the socket. */
  readonly stream: Duplex;
  readonly line: Line;
  /** Emits when the server has begun to close; to late subscribers too. */
  readonly closing$: Observable<void>;
  isClosing(): boolean;
  /** Answers a ping, also while the peer is silent. */
  answer(frame: Frame): void;
}

interface PeerParts extends Pick<Peer, 'url' | 'headers'>, OutputParts {
  readonly dialect: Dialect | undefined;
  /** Whether late subscribers get the frames that came before. */
  readonly history: boolean;
}

/** Makes the peer of an open WebSocket, and enters the socket into the ledger. */
export function createPeer(parts: PeerParts): ServedSocket {
  const { socket, stream, url, headers, connection, dialect } = parts;
  const line = createLine(socket, stream);
  const { send, close, closing$, isClosing } = createOutput(parts, line);
  const { frames$, closed$, forgotten } = receive(parts, line);
  const received$ = frames$.pipe(
    map(parseWireMessage),
    filter((message) => message !== undefined),
  );
  const target = {
    ...line,
    close,
    send: (...frames: Parameters<Peer['send']>) => {
      if (line.speaks()) send(frames);
    },
    drop: () => socket.terminate(),
  };
  const peer = {
    ...perform(socketFaults(() => [target])),
    ...readMessages(received$, forgotten),
    ...{ connection, url, headers, frames$, received$, closed$ },
    subprotocol: socket.protocol,
  };
  return {
    ...{ peer, dialect, stream, line, closing$, isClosing },
    answer: (frame) => send([frame]),
  };
}

function receive({ socket, connection, write, history }: PeerParts, { pass }: Line) {
  const closed$ = new ReplaySubject<{ code: number; reason: string }>(1);
  const frames$ = history ? new ReplaySubject<string>(Infinity) : new Subject<string>();
  let forgotten = 0;
  write({ type: 'opened', connection, subprotocol: socket.protocol });
  const take = (frame: string) => {
    const message = parseWireMessage(frame);
    write({ type: 'received', connection, frame, message });
    // The server no longer answers after its own close frame.
    if (socket.readyState !== socket.OPEN) return;
    if (message && !history) forgotten += 1;
    frames$.next(frame);
  };
  socket.on('message', (data) => {
    const frame = (data as Buffer).toString();
    pass(() => take(frame));
  });
  // ws closes the socket after bytes that are no WebSocket frame; the close event follows.
  socket.on('error', () => undefined);
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
    /** How many messages came that late subscribers do not get. */
    forgotten: () => forgotten,
  };
}

/** Reads the messages of one socket, each once. `received$` does not replay those that are `forgotten`. */
function readMessages(
  received$: Observable<WireMessage>,
  forgotten: () => number,
): Pick<Peer, 'read' | typeof Symbol.asyncIterator> {
  let taken = 0;
  const next = () => {
    const gone = forgotten();
    const ahead = Math.max(taken - gone, 0);
    taken = gone + ahead + 1;
    return firstValueFrom(received$.pipe(skip(ahead)), { defaultValue: undefined });
  };
  const expectMessage = async (type?: string) => {
    const message = await next();
    if (message === undefined)
      throw new Error(`expected ${type ?? 'a message'}, but the socket closed`);
    if (type !== undefined && message.type !== type)
      throw new Error(`expected ${type}, received ${JSON.stringify(message)}`);
    return message;
  };
  return {
    read: (type) => {
      const message = expectMessage(type);
      // The rejection of a read that nobody awaits must not end the process.
      message.catch(() => undefined);
      return message;
    },
    [Symbol.asyncIterator]: async function* () {
      for (let message = await next(); message; message = await next()) yield message;
    },
  };
}
