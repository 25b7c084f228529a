import { Observable } from 'rxjs';
import type { OpenSocket } from 'rx-graphql-ws';
import { openSocket } from 'rx-graphql-ws';
import type { SentMessage } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';

export interface Opened extends OpenSocket {
  /** `[ms, message]` of what was sent. */
  readonly sent: readonly unknown[][];
  /** `[code, reason]` with which the client ended it. */
  readonly ended: readonly unknown[][];
}

/**
 * An open socket, whose server says these frames to whom listens: marbles, so that it shows who subscribes and when.
 * An error or an end of theirs is that of `frames$`: a socket of anybody may come to it.
 */
export function opened(
  frames$: Observable<string>,
  subprotocol = 'graphql-transport-ws',
  received?: (message: SentMessage) => void,
): Opened {
  const fake = fakeSocket({ received });
  let socket: OpenSocket | undefined;
  // a socket that somebody else made may have any name
  const subprotocols = /^[\w-]+$/.test(subprotocol) ? [subprotocol] : [];
  openSocket({ url: 'ws://peer/graphql', webSocketImpl: fake, subprotocols }).subscribe({
    next: (open) => (socket = open),
    error: () => undefined,
  });
  const { peer } = fake;
  peer.open();
  const open = socket as OpenSocket;
  const { frames$: received$ } = open;
  const heard$ = new Observable<string>((subscriber) => {
    const heard = received$.subscribe(subscriber);
    heard.add(
      frames$.subscribe({
        next: (frame) => peer.send(frame),
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
    return heard;
  });
  return Object.defineProperties(open as Opened, {
    frames$: { value: heard$ },
    subprotocol: { value: subprotocol },
    sent: { get: () => peer.frames.map(({ at }, index) => [at, peer.sent[index]]) },
    ended: { get: () => peer.closes.map(({ code, reason }) => [code, reason]) },
  });
}
