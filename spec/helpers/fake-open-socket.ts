import type { Observable } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import type { OpenSocket } from '../../lib/transport/dialled-socket.js';

export interface FakeOpenSocket extends OpenSocket {
  /** `[ms, message]` of what was sent. */
  readonly sent: readonly unknown[][];
  /** `[code, reason]` with which the client ended it. */
  readonly ended: readonly unknown[][];
}

/** An open socket whose frames are given. */
export function fakeOpenSocket(
  frames$: Observable<string>,
  subprotocol = 'graphql-transport-ws',
  onsend?: (message: unknown) => void,
): FakeOpenSocket & { end(code?: number, reason?: string): void } {
  const sent: unknown[][] = [];
  const ended: unknown[][] = [];
  return {
    subprotocol,
    frames$,
    sent,
    ended,
    send(frame) {
      const message: unknown = JSON.parse(frame);
      sent.push([asyncScheduler.now(), message]);
      onsend?.(message);
    },
    end: (...how) => ended.push(how),
  };
}
