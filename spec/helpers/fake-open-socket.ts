import type { Observable } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import type { OpenSocket } from '../../lib/transport/open-socket.js';

export interface FakeOpenSocket extends OpenSocket {
  /** `[ms, message]` of what was sent. */
  readonly sent: readonly unknown[][];
  /** `[code, reason]` of what was refused. */
  readonly refused: readonly unknown[][];
}

/** An open socket whose frames are given. */
export function fakeOpenSocket(
  frames$: Observable<string>,
  subprotocol = 'graphql-transport-ws',
): FakeOpenSocket & { refuse(code: number, reason: string): void } {
  const sent: unknown[][] = [];
  const refused: unknown[][] = [];
  return {
    subprotocol,
    frames$,
    sent,
    refused,
    send: (frame) => sent.push([asyncScheduler.now(), JSON.parse(frame)]),
    refuse: (...how) => refused.push(how),
  };
}
