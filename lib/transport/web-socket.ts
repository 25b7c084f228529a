import type { Observable, Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import {
  ConnectionClosedError,
  ConnectionError,
  inMs,
  ProtocolError,
  setErrorKind,
} from '../errors.js';
import { createEmitter } from '../rx/emitter.js';
import { deadline, guarded } from '../rx/streams.js';
import {
  checkSpoken,
  checkSubprotocols,
  defaultSubprotocols,
  publicUrl,
  webSocketUrl,
} from './address.js';
import type { Closing } from './raw-socket.js';
import { closeSocket, construct, toFrame } from './raw-socket.js';
import type { FrameReader, LiveSocket, SocketOptions, SocketSession } from './socket.js';
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
  return guarded((subscriber) => connect(options, session, subscriber));
}

function connect(
  options: SocketOptions,
  session: SocketSession,
  subscriber: Subscriber<LiveSocket>,
): () => void {
  const { subprotocols, webSocketImpl, dialects } = options;
  const { connectTimeout = 10_000, closeTimeout = 3_000 } = options;
  const url = webSocketUrl(options.url);
  const spoken = [...defaultSubprotocols, ...(dialects ?? [])];
  checkSubprotocols('subprotocols', subprotocols);
  if (dialects) checkSpoken(subprotocols, dialects);
  const raw = construct(url, options, closeTimeout);
  const { events } = session;
  const upgrade = observeUpgrade(raw, webSocketImpl);
  const { ping, pause, resume, heartbeat$ } = upgrade;
  const frames = createEmitter<string>();
  const connecting = new Subscription();
  const end = closeSocket(raw, closeTimeout, events);
  let reader: FrameReader | undefined;
  let opened = false;
  let cause: unknown;
  let closing: Closing | undefined;

  const onEnd = () => {
    const { code, reason, wasClean } = end.onClosed(closing);
    subscriber.error(
      opened
        ? new ConnectionClosedError(code, reason, wasClean, cause ? { cause } : undefined)
        : upgrade.failure(publicUrl(url), subprotocols, cause),
    );
  };
  // React Native may not tell
  const selected = () =>
    (raw.protocol as string | undefined) ??
    subprotocols.find((name) => spoken.includes(name)) ??
    '';
  const socket: LiveSocket = {
    ping,
    pause,
    resume,
    heartbeat$,
    session: () => session,
    frames$: frames.stream$,
    ownFrames$: frames.stream$,
    read(given) {
      reader = given;
      return {
        unsubscribe() {
          reader = undefined;
        },
      };
    },
    send(frame: string) {
      if (raw.readyState !== OPEN) return;
      upgrade.writes?.cork();
      raw.send(frame);
    },
    close(error, code, reason) {
      const reported = session.failed(error);
      end.fail(code, reason);
      return reported;
    },
    get subprotocol() {
      return selected();
    },
    isClosing: () => raw.readyState > OPEN,
  };
  const onOpen = () => {
    opened = true;
    connecting.unsubscribe();
    const protocol = selected();
    const isPublic = spoken.includes(protocol) || !subprotocols.includes(protocol);
    const subprotocol = isPublic ? protocol : '…';
    const headers = events.observed ? upgrade.headers?.() : undefined;
    events.next({ type: 'opened', subprotocol, ...(headers && { headers }) });
    subscriber.next(socket);
  };
  const receive = (data: unknown) => {
    const frame = toFrame(data);
    if (frame === undefined) {
      const error = new ProtocolError('malformed frame: neither text nor UTF-8', '');
      socket.close(error, 4400, 'Malformed frame');
      subscriber.error(error);
      return;
    }
    session.heard();
    if (frames.observed) frames.next(String(frame));
    reader?.next(frame);
  };

  const inbound = webSocket<unknown>({
    url: '',
    // rxjs calls the constructor, and gets the socket that is already dialling
    WebSocketCtor: function () {
      return raw;
    } as unknown as new (url: string) => WebSocket,
    binaryType: 'arraybuffer',
    openObserver: { next: onOpen },
    closeObserver: {
      next(event) {
        closing = event;
      },
    },
  }).subscribe({ error: onEnd, complete: onEnd });
  // past the subject: its Subject and Subscriber would cost as much as the routing
  raw.onmessage = ({ data }: MessageEvent<unknown>) => {
    receive(data);
  };
  // the error is kept for `close`, because a browser tells the code only there, and `ws` the reason only here
  raw.onerror = (event: { error?: unknown }) => {
    cause = plainCause(event.error);
  };
  connecting.add(
    deadline(connectTimeout).subscribe({
      next() {
        end.fail();
        const limit = `within ${inMs(Number(connectTimeout))}`;
        const error = new ConnectionError(`could not connect to ${publicUrl(url)} ${limit}`);
        // no answer of the server's
        subscriber.error(setErrorKind(error, 'plain-loss'));
      },
      error: onEnd,
    }),
  );
  return () => {
    connecting.unsubscribe();
    // before rxjs lets go of the socket, because rxjs closes without a code
    end.close();
    upgrade.writes?.flush();
    inbound.unsubscribe();
    frames.complete();
    const last = reader;
    reader = undefined;
    last?.complete();
  };
}
