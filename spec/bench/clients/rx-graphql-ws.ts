import { auditTime, distinctUntilChanged } from 'rxjs';
import { decode, graphqlSocket, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { mutation, subscription } from '../feed.js';
import { fail, lingering, retryDelay, type Connect } from './bench-client.js';

export const connectOurs: Connect = ({ url, legacy, lingers = false }) => {
  const socket = graphqlSocket({
    url,
    retry: { delay: retryDelay },
    ...(lingers && { linger: lingering }),
    ...(legacy && { subprotocols: [SUBSCRIPTIONS_TRANSPORT_WS] }),
  });
  return {
    subscribe(variables, mode, { next, complete }) {
      const request = { query: subscription, variables };
      const whole = {
        next: ({ data }: { data?: unknown }) => {
          next(data);
        },
        error: fail,
        complete,
      };
      if (mode === 'all') socket.subscribe$(request).subscribe({ next, error: fail, complete });
      else if (mode === 'audit')
        socket.payload$(request).pipe(auditTime(16), decode()).subscribe(whole);
      else
        socket
          .payload$(request)
          .pipe(
            distinctUntilChanged((one, other) => one.text === other.text),
            decode(),
          )
          .subscribe(whole);
    },
    mutate(variables, { next, complete }) {
      socket.mutate$({ query: mutation, variables }).subscribe({ next, error: fail, complete });
    },
    close: socket.close,
  };
};
