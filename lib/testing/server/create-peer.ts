import { filter, firstValueFrom, map, ReplaySubject, skip, Subject } from 'rxjs';
import type { Frame, Peer } from './api/peer.js';
import { checked, faultsOfEach } from './check-faults.js';
import { parseWireMessage } from './dialects.js';
import { createLine, createOutput, isOpen, type Line, type OpenSocket } from './line.js';

/** A socket with its peer, and with the parts that only the server needs. */
export interface ServedSocket extends OpenSocket, ReturnType<typeof createOutput> {
  readonly peer: Peer;
  readonly line: Line;
}

/** Makes the peer of an open WebSocket, and enters the socket into the ledger. */
export function createPeer(opened: OpenSocket): ServedSocket {
  const { socket, stream, url, headers, connection } = opened;
  const line = createLine(socket, stream);
  const output = createOutput(opened, line);
  const target = {
    ...{ ...line, close: output.close, drop: () => socket.terminate() },
    send: (...frames: readonly Frame[]) => {
      if (line.speaks()) output.send(frames);
    },
  };
  const peer = {
    ...checked(faultsOfEach(() => [target])),
    ...receive(opened, line),
    ...{ connection, url, headers, subprotocol: socket.protocol },
  };
  return { ...opened, ...output, line, peer };
}

/** Reads the socket. Without a history, late subscribers do not get the frames that came before, because they would fill the memory. */
function receive({ socket, connection, core: { options, write } }: OpenSocket, { pass }: Line) {
  // A script reads the past messages when it comes to them.
  const history = options.script !== undefined || options.ledger.history !== false;
  const closed$ = new ReplaySubject<{ code: number; reason: string }>(1);
  const frames$ = history ? new ReplaySubject<string>(Infinity) : new Subject<string>();
  const received$ = frames$.pipe(
    map(parseWireMessage),
    filter((message) => message !== undefined),
  );
  let forgotten = 0;
  write({ type: 'opened', connection, subprotocol: socket.protocol });
  const take = (frame: string) => {
    write({ type: 'received', connection, frame });
    // The server no longer answers after its own close frame.
    if (!isOpen(socket)) return;
    if (!history && parseWireMessage(frame)) forgotten += 1;
    frames$.next(frame);
  };
  socket.on('message', (data) => pass(() => take((data as Buffer).toString())));
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
    ...{ frames$: frames$.asObservable(), received$, closed$: closed$.asObservable() },
    ...readMessages(received$, () => forgotten),
  };
}

/** Reads the messages of one socket, each once. `received$` does not replay those that are `forgotten`. */
function readMessages(
  received$: Peer['received$'],
  forgotten: () => number,
): Pick<Peer, 'read' | typeof Symbol.asyncIterator> {
  let taken = 0;
  const next = () => {
    const ahead = Math.max(taken - forgotten(), 0);
    taken = forgotten() + ahead + 1;
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
