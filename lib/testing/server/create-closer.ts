import { fromEvent, ReplaySubject, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { WebSocket } from 'ws';
import { expectClose } from './expect-close.js';
import type { Line } from './faults/create-line.js';
import type { SocketFaults } from './faults/socket-faults.js';
import type { LedgerWriter } from './ledger.js';

/** What it takes to close a socket. */
export interface ClosingParts {
  readonly socket: WebSocket;
  readonly connection: number;
  readonly write: LedgerWriter['write'];
}

/** Closes a socket, once. */
export interface Closer extends Pick<SocketFaults, 'close'> {
  /** Emits when the server has begun to close, be it behind a network that is broken; to late subscribers too. */
  readonly closing$: Observable<void>;
  /** Whether it has. */
  isClosing(): boolean;
}

/** How long a client has to answer a close frame, in ms. */
const answerTimeout = 2_000;

/**
 * The end of a socket.
 *
 * @param parts - the socket, and its line in the ledger
 * @param line - what the close frame goes through
 */
export function createCloser(
  { socket, connection, write }: ClosingParts,
  { isDead, pass }: Pick<Line, 'isDead' | 'pass'>,
): Closer {
  const closing$ = new ReplaySubject<void>(1);
  let closing = false;
  const sendClose = (code?: number, reason?: string) => {
    // The client may have closed meanwhile.
    if (socket.readyState !== socket.OPEN) return;
    write({ type: 'closing', connection, code: code ?? 1005, reason: reason ?? '' });
    socket.close(code, reason);
    timer(answerTimeout)
      .pipe(
        tap(() => {
          pass(() => {
            socket.terminate();
          });
        }),
        takeUntil(fromEvent(socket, 'close')),
      )
      .subscribe();
  };
  return {
    closing$: closing$.asObservable(),
    isClosing: () => closing,
    close: (code, reason) => {
      expectClose(code, reason);
      if (closing || isDead()) return;
      closing = true;
      pass(() => {
        sendClose(code, reason);
      });
      closing$.next();
    },
  };
}
