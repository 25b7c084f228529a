import { asyncScheduler } from 'rxjs';

type Handler = ((event: object) => void) | null | undefined;

export const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3];

/** What a client sees of a socket that is CONNECTING. */
export function createFakeClient() {
  return {
    readyState: CONNECTING,
    protocol: '',
    onopen: null as Handler,
    onmessage: null as Handler,
    onerror: null as Handler,
    onclose: null as Handler,
  };
}

/** How its client hears of its end: asynchronously, and once. */
export function endsOf(socket: ReturnType<typeof createFakeClient>) {
  const end = (code: number, reason: string, wasClean: boolean, ms = 0) => {
    asyncScheduler.schedule(() => {
      if (socket.readyState === CLOSED) return;
      socket.readyState = CLOSED;
      socket.onclose?.({ type: 'close', code, reason, wasClean });
    }, ms);
  };
  const fail = (error: unknown) => {
    asyncScheduler.schedule(() => {
      if (socket.readyState === CLOSED) return;
      socket.onerror?.({ type: 'error', error });
      end(1006, '', false);
    });
  };
  return { end, fail };
}
