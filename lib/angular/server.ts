import { inject, PLATFORM_ID } from '@angular/core';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { ConfigurationError, graphqlSocket } from 'rx-graphql-ws';
import { EMPTY, map, timer } from 'rxjs';

/** Whether the application is rendered on a server. Needs an injection context. */
export const isOnServer = () => inject(PLATFORM_ID) === 'server';

/**
 * A socket object that dials nothing. Its subscriptions complete at once, because a silent stream would hang resources, resolvers and
 * `pendingUntilEvent`, which a rendering server waits for.
 */
export function createServerSocket(): GraphQLSocket {
  const end = () => EMPTY;
  const refuse = (name: 'query$' | 'mutate$') => () =>
    timer(0).pipe(
      map(() => {
        const message = `\`${name}\` on the server, where no socket is dialled: use HttpClient there, or call it in the browser alone`;
        throw new ConfigurationError(name, message);
      }),
    );
  return {
    ...graphqlSocket({ url: 'ws://localhost' }),
    subscribe$: end,
    execute$: end,
    payload$: end,
    query$: refuse('query$'),
    mutate$: refuse('mutate$'),
    connection$: EMPTY,
  };
}

/**
 * Parameters for the browser alone: the function that it returns gives `undefined` on the server, so that an `rxResource` or a `resource` is idle
 * there and does not hold up rendering. Call it in an injection context.
 *
 * @example
 * ```ts
 * readonly price = rxResource({
 *   params: inBrowser(() => ({ symbol: this.symbol() })),
 *   stream: ({ params }) => this.prices.price$(params.symbol),
 * });
 * ```
 */
export function inBrowser<T extends (...given: never[]) => unknown>(
  params: T,
): T | (() => undefined) {
  return isOnServer() ? () => undefined : params;
}
