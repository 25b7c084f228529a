import type { Observable } from 'rxjs';
import { filter, merge, take } from 'rxjs';
import type { GraphQLSocket, SocketStatus } from 'rx-graphql-ws';
import type { GraphQLWsSocket } from './client.js';

/** The connection that there is. It is over when `closed$` emits, and when the state says so. */
export function presentSocket(
  socket: GraphQLSocket,
  closed$: Observable<unknown>,
): GraphQLWsSocket {
  let readyState = 1;
  const isOver = ({ state }: SocketStatus, index: number) =>
    state !== 'connected' && (state !== 'connecting' || index > 0);
  const over$ = merge(socket.status$.pipe(filter(isOver)), closed$).pipe(take(1));
  // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
  over$.subscribe(() => {
    readyState = 3;
  });
  return {
    get readyState() {
      return readyState;
    },
    close(code, reason) {
      if (readyState === 1) socket.reconnect({ code, reason });
    },
  };
}
