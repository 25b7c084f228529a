import type { Subscriber } from 'rxjs';
import { map, Observable, Subject, Subscription } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import { deadline } from '../deadline.js';
import { createEmitter } from '../emitter.js';
import { ConnectionClosedError, ConnectionError, ProtocolError } from '../errors.js';
import type { Frame } from '../long-frame.js';
import { textOf } from '../long-frame.js';
import type { Dial, DialledSocket } from './dialled-socket.js';
import type { SocketMonitor } from './ending.js';
import { endingOf } from './ending.js';
import { frameOf } from './frame-of.js';
import type { RawSocket } from './raw-socket.js';
import { createRawSocket } from './raw-socket.js';
import { sealed } from '../sealed.js';
import { checkSubprotocols, defaultSubprotocols } from './subprotocols.js';
import { throwLater } from '../throw-later.js';
import { observeUpgrade } from './upgrade.js';
import { publicUrl, webSocketUrl } from './url.js';

const OPEN = 1;

/** One attempt at one socket, around one rxjs `webSocket` subject: on a shared subject an old socket's late `error` would reset the new one. */
export function dialSocket(
  dial: Dial,
  monitor: SocketMonitor = new Subject(),
): Observable<DialledSocket> {
  return new Observable((subscriber) => {
    try {
      const { subprotocols, webSocketImpl, webSocketOptions, closeTimeout = 3_000 } = dial;
      const url = webSocketUrl(dial.url);
      checkSubprotocols('subprotocols', subprotocols);
      const raw = createRawSocket(
        url.href,
        subprotocols,
        webSocketImpl,
        webSocketOptions,
        closeTimeout,
      );
      return wire(raw, publicUrl(url), { ...dial, closeTimeout }, monitor, subscriber);
    } catch (error) {
      return throwLater(error).subscribe(subscriber);
    }
  });
}

function wire(
  raw: RawSocket,
  where: string,
  {
    subprotocols,
    webSocketImpl,
    connectTimeout = 10_000,
    closeTimeout,
    dialects = [],
  }: Dial & { closeTimeout: number },
  monitor: SocketMonitor,
  subscriber: Subscriber<DialledSocket>,
): () => void {
  const upgrade = observeUpgrade(raw, webSocketImpl);
  const frames = createEmitter<Frame>();
  const connecting = new Subscription();
  const shown = [...defaultSubprotocols, ...dialects];
  const ending = endingOf(raw, closeTimeout, monitor);
  let opened = false;
  let cause: unknown;
  let closing = { code: 1006, reason: '', wasClean: false };

  const ended = () => {
    ending.released(closing);
    const { code, reason, wasClean } = closing;
    subscriber.error(
      opened
        ? new ConnectionClosedError(code, reason, wasClean, cause ? { cause } : undefined)
        : upgrade.failure(where, subprotocols, cause),
    );
  };
  const socket = {
    ...upgrade,
    frames$: textOf(
      frames.stream$,
      frames.stream$.pipe(
        map((frame) => String(frame)),
        sealed,
      ),
    ),
    send(frame: string) {
      if (raw.readyState !== OPEN) return;
      upgrade.writes?.gather();
      raw.send(frame);
    },
    end: ending.end,
    get subprotocol() {
      return raw.protocol;
    },
    get closing() {
      return raw.readyState > OPEN;
    },
  };
  const open = () => {
    opened = true;
    connecting.unsubscribe();
    const { headers } = upgrade;
    const { protocol } = raw;
    const secret = subprotocols.includes(protocol) && !shown.includes(protocol);
    const subprotocol = secret ? '…' : protocol;
    monitor.next({ type: 'opened', subprotocol, ...(headers && { headers }) });
    subscriber.next(socket);
  };
  const receive = (data: unknown) => {
    const frame = frameOf(data);
    if (frame !== undefined) {
      frames.next(frame);
      return;
    }
    socket.end(4400, 'Malformed frame');
    subscriber.error(new ProtocolError('malformed frame: neither text nor UTF-8', ''));
  };

  // rxjs calls the constructor, and gets the socket that is already dialling
  const inbound = webSocket<unknown>({
    url: '',
    WebSocketCtor: function () {
      return raw;
    } as unknown as new (url: string) => WebSocket,
    binaryType: 'arraybuffer',
    openObserver: { next: open },
    closeObserver: {
      // React Native leaves some of it out
      next({ code = 1006, reason = '', wasClean = false }: Partial<CloseEvent>) {
        closing = { code, reason, wasClean };
      },
    },
    deserializer: ({ data }: MessageEvent<unknown>) => data,
  }).subscribe({ next: receive, error: ended, complete: ended });
  // a browser tells nothing here and the code with `close`; `ws` tells its reason here: one error made of both, at `close`
  raw.onerror = (event: { error?: unknown }) => {
    cause = event.error;
  };
  if (connectTimeout !== false) {
    connecting.add(
      deadline(connectTimeout).subscribe({
        next() {
          ending.end();
          const message = `could not connect to ${where} within ${connectTimeout} ms`;
          subscriber.error(new ConnectionError(message));
        },
        error: ended,
      }),
    );
  }
  return () => {
    connecting.unsubscribe();
    // before rxjs lets go of the socket: it would close it without a code
    ending.leave();
    upgrade.writes?.flush();
    inbound.unsubscribe();
    frames.complete();
  };
}
