import type { Subscriber, Subscription } from 'rxjs';
import { Observable, Subject, timer } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import { ConnectionClosedError, ConnectionError, ProtocolError } from '../errors.js';
import type { Variables } from '../types.js';
import { CloseCode } from './close-code.js';
import { dialFailure } from './dial-failure.js';
import type { Hull } from './hull.js';
import { hullOf } from './hull.js';
import type { OpenSocket } from './open-socket.js';
import type { RawSocket } from './raw-socket.js';
import { createRawSocket, observeUpgrade } from './raw-socket.js';
import { checkSubprotocols } from './subprotocols.js';
import { throwLater } from './throw-later.js';
import { publicUrl, webSocketUrl } from './url.js';
import type { WebSocketConstructor } from './web-socket-like.js';

/** One dial, its options resolved. */
export interface Dial {
  readonly url: string | URL;
  readonly subprotocols: readonly string[];
  readonly webSocketImpl?: WebSocketConstructor | undefined;
  readonly webSocketOptions?: Variables | undefined;
  readonly connectTimeout?: number | false | undefined;
  readonly closeTimeout?: number | undefined;
}

/** Told what becomes of a socket, also after nobody is subscribed to it any more. */
export interface SocketMonitor {
  opened(subprotocol: string, headers: Readonly<Record<string, string>> | undefined): void;
  /** The connection is over, for us or for the peer. */
  closed(code: number, reason: string): void;
  /** Nothing is left of the socket. */
  released(): void;
}

/** An open socket, and what the connection layer does to it besides. */
export interface DialledSocket extends OpenSocket {
  /** Ends the socket for a fault of the peer's: it counts as closed at once, the close handshake goes on behind it. */
  refuse(code: number, reason: string): void;
  /** Leaves a peer that does not answer, without goodbye. */
  abandon(): void;
  /** A WebSocket-level ping, where the implementation has it (`ws`). */
  readonly ping: (() => void) | undefined;
  /** WebSocket-level pongs. */
  readonly pongs$: Observable<unknown>;
}

const silent: SocketMonitor = { opened() {}, closed() {}, released() {} };
const OPEN = 1;

/** One attempt at one socket, around one rxjs `webSocket` subject: on a shared subject an old socket's late `error` would reset the new one. */
export function dialSocket(dial: Dial, monitor = silent): Observable<DialledSocket> {
  return new Observable((subscriber) => {
    try {
      const url = webSocketUrl(dial.url);
      const { subprotocols, webSocketImpl, webSocketOptions } = dial;
      checkSubprotocols(subprotocols);
      const raw = createRawSocket(url, subprotocols, webSocketImpl, webSocketOptions);
      return wire(raw, { ...dial, url }, monitor, subscriber);
    } catch (error) {
      return throwLater(error).subscribe(subscriber);
    }
  });
}

function wire(
  raw: RawSocket,
  dial: Dial & { readonly url: string },
  monitor: SocketMonitor,
  subscriber: Subscriber<DialledSocket>,
): () => void {
  const { url, connectTimeout = 10_000, closeTimeout = 3_000 } = dial;
  const upgrade = observeUpgrade(raw);
  const hull = hullOf(raw, closeTimeout, monitor);
  const frames = new Subject<string>();
  let opened = false;
  let failure: unknown;
  let closing: CloseEvent | undefined;
  let deadline: Subscription | undefined;

  const socket = dialledSocket(raw, hull, frames);
  const open = () => {
    deadline?.unsubscribe();
    opened = true;
    monitor.opened(raw.protocol, upgrade.headers);
    subscriber.next({ ...socket, subprotocol: raw.protocol });
  };
  const receive = (data: unknown) => {
    const frame = frameText(data);
    if (frame !== undefined) {
      frames.next(frame);
      return;
    }
    socket.refuse(CloseCode.BadRequest, 'Malformed frame');
    subscriber.error(new ProtocolError('malformed frame: neither text nor UTF-8', ''));
  };
  const ended = () => {
    const { code = 1006, reason = '', wasClean = false } = closing ?? {};
    hull.gone(code, reason);
    subscriber.error(
      opened
        ? new ConnectionClosedError(
            code,
            reason,
            wasClean,
            failure ? { cause: failure } : undefined,
          )
        : dialFailure(url, dial.subprotocols, upgrade.status, failure),
    );
  };

  const inbound = subjectAround(raw, open, (event) => {
    closing = event;
  }).subscribe({ next: receive, error: ended, complete: ended });
  // a browser tells nothing here and the code with `close`; `ws` tells its reason here: one error made of both, at `close`
  raw.onerror = (event: { error?: unknown }) => {
    failure = event.error;
  };
  if (connectTimeout !== false) {
    deadline = timer(connectTimeout).subscribe(() => {
      hull.drop();
      const where = `could not connect to ${publicUrl(url)}`;
      subscriber.error(
        new ConnectionError(`${where}: not open within ${String(connectTimeout)} ms`),
      );
    });
  }
  return () => {
    deadline?.unsubscribe();
    // before rxjs lets go of the socket: it would close it without a code
    hull.leave();
    inbound.unsubscribe();
    frames.complete();
  };
}

/** rxjs calls the constructor, and gets the socket that is already dialling. */
function subjectAround(raw: RawSocket, open: () => void, close: (event: CloseEvent) => void) {
  return webSocket<unknown>({
    url: '',
    WebSocketCtor: class {
      constructor() {
        return raw;
      }
    } as unknown as new (url: string) => WebSocket,
    binaryType: 'arraybuffer',
    openObserver: { next: open },
    closeObserver: { next: close },
    deserializer: ({ data }: MessageEvent<unknown>) => data,
  });
}

function dialledSocket(raw: RawSocket, hull: Hull, frames$: Observable<string>): DialledSocket {
  const pongs = new Subject<unknown>();
  raw.on?.('pong', () => {
    pongs.next(undefined);
  });
  return {
    subprotocol: '',
    frames$,
    send(frame) {
      if (raw.readyState === OPEN) raw.send(frame);
    },
    refuse(code, reason) {
      hull.report(code, reason);
      hull.leave(code, reason);
    },
    abandon: hull.drop,
    ping: raw.ping && (() => raw.ping?.()),
    pongs$: pongs.asObservable(),
  };
}

/** Some servers send text in binary frames. A BOM stays, and makes the frame malformed. */
function frameText(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data as ArrayBuffer);
  } catch {
    return undefined;
  }
}
