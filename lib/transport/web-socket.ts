import type { Observable, Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import type { GraphQLSocketError } from '../errors.js';
import {
  ConnectionClosedError,
  ConnectionError,
  inMs,
  ProtocolError,
  setErrorKind,
} from '../errors.js';
import type { Frame } from '../protocol/payload.js';
import { Emitter } from '../rx/emitter.js';
import { deadline, guarded } from '../rx/streams.js';
import { checkSpoken, checkSubprotocols, publicUrl, spokenWith, webSocketUrl } from './address.js';
import type { Closing } from './raw-socket.js';
import { closeSocket, construct, toFrame } from './raw-socket.js';
import type { FrameReader, LiveSocket, RawSocket, SocketOptions, SocketSession } from './socket.js';
import type { Upgrade } from './upgrade.js';
import { observeUpgrade, plainCause } from './upgrade.js';

const OPEN = 1;

/**
 * One dial: one rxjs `webSocket` subject around one WebSocket. A subject is not used twice, because a late `error` of its old socket
 * would reset the state of the new one.
 */
export function openWebSocket(
  options: SocketOptions,
  session: SocketSession,
): Observable<LiveSocket> {
  return guarded((subscriber) => {
    const dial = new Dial(options, session, subscriber);
    return () => {
      dial.leave();
    };
  });
}

/** One WebSocket, from its constructor to its end. */
class Dial {
  readonly #options: SocketOptions;
  readonly #session: SocketSession;
  readonly #subscriber: Subscriber<LiveSocket>;
  readonly #where: string;
  readonly #raw: RawSocket;
  readonly #upgrade: Upgrade;
  readonly #end: ReturnType<typeof closeSocket>;
  readonly #inbound: Subscription;
  readonly #frames = new Emitter<string>();
  readonly #connecting = new Subscription();
  #reader: FrameReader | undefined;
  #cause: unknown;

  constructor(options: SocketOptions, session: SocketSession, subscriber: Subscriber<LiveSocket>) {
    const { subprotocols, dialects, connectTimeout = 10_000, closeTimeout = 3_000 } = options;
    const url = webSocketUrl(options.url);
    checkSubprotocols('subprotocols', subprotocols);
    if (dialects) checkSpoken(subprotocols, dialects);
    this.#options = options;
    this.#session = session;
    this.#subscriber = subscriber;
    this.#where = publicUrl(url);
    const raw = (this.#raw = construct(url, options, closeTimeout));
    this.#upgrade = observeUpgrade(raw, options.webSocketImpl);
    this.#end = closeSocket(raw, closeTimeout, session.events);
    this.#inbound = this.#follow();
    // past the subject: its Subject and Subscriber would cost as much as the routing
    raw.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#receive(toFrame(data));
    };
    // the error is kept for `close`, because a browser tells the code only there, and `ws` the reason only here
    raw.onerror = (event: { error?: unknown }) => {
      this.#cause = plainCause(event.error);
    };
    this.#connecting.add(
      deadline(connectTimeout).subscribe({
        next: () => this.#expire(Number(connectTimeout)),
        error: this.#closed,
      }),
    );
  }

  leave(): void {
    this.#connecting.unsubscribe();
    // before rxjs lets go of the socket, because rxjs closes without a code
    this.#end.close();
    this.#upgrade.writes?.flush();
    this.#inbound.unsubscribe();
    this.#frames.complete();
    const last = this.#reader;
    this.#reader = undefined;
    last?.complete();
  }

  #follow(): Subscription {
    const raw = this.#raw;
    let closing: Closing | undefined;
    const closed = () => {
      this.#closed(closing);
    };
    return webSocket<unknown>({
      url: '',
      // rxjs calls the constructor, and gets the socket that is already dialling
      WebSocketCtor: function () {
        return raw;
      } as unknown as new (url: string) => WebSocket,
      binaryType: 'arraybuffer',
      openObserver: { next: () => this.#opened() },
      closeObserver: {
        next(event) {
          closing = event;
        },
      },
    }).subscribe({ error: closed, complete: closed });
  }

  #opened(): void {
    this.#connecting.unsubscribe();
    const { subprotocols: offered, dialects } = this.#options;
    const { events } = this.#session;
    const isSpoken = (name: string) => spokenWith(dialects).includes(name);
    // React Native may not tell
    const protocol = (this.#raw as Partial<RawSocket>).protocol ?? offered.find(isSpoken) ?? '';
    const subprotocol = isSpoken(protocol) || !offered.includes(protocol) ? protocol : '…';
    const headers = events.observed ? this.#upgrade.headers?.() : undefined;
    events.next({ type: 'opened', subprotocol, ...(headers && { headers }) });
    this.#subscriber.next(this.#live(protocol));
  }

  readonly #closed = (closing?: Closing): void => {
    const { code, reason, wasClean } = this.#end.onClosed(closing);
    const cause = this.#cause;
    this.#subscriber.error(
      this.#connecting.closed
        ? new ConnectionClosedError(code, reason, wasClean, cause ? { cause } : undefined)
        : this.#upgrade.failure(this.#where, this.#options.subprotocols, cause),
    );
  };

  #expire(limit: number): void {
    this.#end.fail();
    const error = new ConnectionError(`could not connect to ${this.#where} within ${inMs(limit)}`);
    // no answer of the server's
    this.#subscriber.error(setErrorKind(error, 'plain-loss'));
  }

  #receive(frame: Frame | undefined): void {
    if (frame === undefined) {
      const error = new ProtocolError('malformed frame: neither text nor UTF-8', '');
      this.#close(error, 4400, 'Malformed frame');
      this.#subscriber.error(error);
      return;
    }
    this.#session.heard();
    if (this.#frames.observed) this.#frames.next(String(frame));
    this.#reader?.next(frame);
  }

  #close(error: GraphQLSocketError, code?: number, reason?: string): GraphQLSocketError {
    const reported = this.#session.failed(error);
    this.#end.fail(code, reason);
    return reported;
  }

  #live(subprotocol: string): LiveSocket {
    const raw = this.#raw;
    const upgrade = this.#upgrade;
    const { ping, pause, resume, heartbeat$ } = upgrade;
    const frames$ = this.#frames.stream$;
    return {
      ping,
      pause,
      resume,
      heartbeat$,
      session: () => this.#session,
      frames$,
      ownFrames$: frames$,
      read: (reader) => {
        this.#reader = reader;
        return {
          unsubscribe: () => {
            this.#reader = undefined;
          },
        };
      },
      send(frame: string) {
        if (raw.readyState !== OPEN) return;
        upgrade.writes?.cork();
        raw.send(frame);
      },
      close: (error, code, reason) => this.#close(error, code, reason),
      subprotocol,
      isClosing: () => raw.readyState > OPEN,
    };
  }
}
