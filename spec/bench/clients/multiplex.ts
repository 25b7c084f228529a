import { takeWhile } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import { type FeedVariables, mutation, subscription } from '../feed.js';
import { type Connect, fail, plainWebSocket, type Results, unsupported } from './bench-client.js';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** What rxjs itself offers: every operation filters every message. */
export const connectMultiplex: Connect = ({ url, legacy }) => {
  if (legacy) unsupported();
  const socket = webSocket<Message>({
    url,
    protocol: 'graphql-transport-ws',
    WebSocketCtor: plainWebSocket as unknown as new (url: string) => WebSocket,
  });
  // waits, as all that follows, until the socket is open; the bench server does not mind what comes before its ack
  socket.next({ type: 'connection_init' });
  let last = 0;
  const run = (query: string, variables: FeedVariables, { next, complete }: Results) => {
    const id = String((last += 1));
    socket
      .multiplex(
        () => ({ id, type: 'subscribe', payload: { query, variables } }),
        () => ({ id, type: 'complete' }),
        (message) => message.id === id,
      )
      .pipe(takeWhile(({ type }) => type !== 'complete'))
      .subscribe({
        next: ({ payload }) => next((payload as { readonly data: unknown }).data),
        error: fail,
        complete,
      });
  };
  return {
    subscribe(variables, mode, results) {
      if (mode !== 'all') unsupported();
      run(subscription, variables, results);
      return unsupported;
    },
    mutate(variables, results) {
      run(mutation, variables, results);
    },
    close: () => socket.complete(),
  };
};
