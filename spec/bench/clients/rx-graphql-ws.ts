import { auditTime, distinctUntilChanged, map, type Observable } from 'rxjs';
import {
  decode,
  graphqlSocket,
  SUBSCRIPTIONS_TRANSPORT_WS,
  type GraphQLRequest,
  type GraphQLSocket,
  type Payload,
} from 'rx-graphql-ws';
import { mutation, subscription } from '../feed.js';
import { fail, lingering, retryDelay, type Connect, type Mode } from './bench-client.js';

type Follow = (socket: GraphQLSocket, request: GraphQLRequest) => Observable<unknown>;

export const connectOurs = connectBy((socket, request) => socket.subscribe$(request));

/** @param follow - gives the results where all of them are handled */
export function connectBy(follow: Follow): Connect {
  return ({ url, legacy, lingers = false }) => {
    const socket = graphqlSocket({
      url,
      retry: { delay: retryDelay },
      ...(lingers && { linger: lingering }),
      ...(legacy && { subprotocols: [SUBSCRIPTIONS_TRANSPORT_WS] }),
    });
    return {
      subscribe(variables, mode, { next, complete }) {
        const request = { query: subscription, variables };
        const data$ = mode === 'all' ? follow(socket, request) : kept$(socket, request, mode);
        const subscribed = data$.subscribe({ next, error: fail, complete });
        return () => subscribed.unsubscribe();
      },
      mutate(variables, { next, complete }) {
        socket.mutate$({ query: mutation, variables }).subscribe({ next, error: fail, complete });
      },
      close: socket.close,
    };
  };
}

/** Results that are decoded only where they are handled. */
function kept$({ payload$ }: GraphQLSocket, request: GraphQLRequest, mode: Mode) {
  const kept =
    mode === 'audit'
      ? auditTime<Payload>(16)
      : distinctUntilChanged<Payload>((one, other) => one.text === other.text);
  return payload$(request).pipe(
    kept,
    decode(),
    map(({ data }) => data),
  );
}
