import type { EnvironmentProviders } from '@angular/core';
import { DestroyRef, inject, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { inZones } from './in-zones.js';
import { createServerSocket, isOnServer } from './server.js';

// a constant in bundles of the Angular CLI: those for browsers leave out what is for the server
declare const ngServerMode: unknown;

/**
 * The socket of the application, or of the route, that {@link provideGraphQLSocket} provides.
 *
 * @example
 * ```ts
 * TestBed.overrideProvider(GRAPHQL_SOCKET, { useValue: fake });
 * ```
 */
export const GRAPHQL_SOCKET = /* @__PURE__ */ new InjectionToken<GraphQLSocket>(
  // for Angular's message about a missing provider
  'GRAPHQL_SOCKET: add provideGraphQLSocket() to the providers',
);

/** A choice about a provided socket, such as {@link withToken}. */
export interface GraphQLSocketFeature {
  /** The token that provides the socket. */
  readonly token?: InjectionToken<GraphQLSocket> | undefined;
  /** @internal Makes the socket, in an injection context. */
  readonly create?: (config: GraphQLSocketConfig) => GraphQLSocket;
}

/**
 * Provides the socket under a token of your own, so that an application can have several.
 *
 * @example
 * ```ts
 * export const PRICES = new InjectionToken<GraphQLSocket>('PRICES');
 * provideGraphQLSocket({ url: 'wss://example.org/prices' }, withToken(PRICES));
 * injectGraphQLSocket(PRICES).subscribe$('subscription { price }');
 * ```
 */
export function withToken(token: InjectionToken<GraphQLSocket>): GraphQLSocketFeature {
  return { token };
}

/**
 * Provides a socket to the application or to a route. It is made when it is first injected, and closed with its injector. On the server it dials
 * nothing: `subscribe$`, `execute$`, `payload$` and `connection$` complete at once, `query$` and `mutate$` error with a `ConfigurationError`, and
 * `status$` is `idle`.
 *
 * With zone.js its sockets and timers run outside Angular's zone. A stream delivers inside it if it was subscribed there.
 *
 * @param config - the options of `graphqlSocket`, or a function that returns them. The function is called in the browser alone, in an
 * injection context.
 *
 * @example
 * ```ts
 * provideGraphQLSocket(() => {
 *   const session = inject(Session);
 *   return { url: 'wss://example.org/graphql', connectionParams: () => ({ token: session.token() }) };
 * });
 * ```
 */
export function provideGraphQLSocket(
  config: GraphQLSocketConfig | (() => GraphQLSocketConfig),
  ...features: readonly GraphQLSocketFeature[]
): EnvironmentProviders {
  const chosen: GraphQLSocketFeature = Object.assign({}, ...features) as GraphQLSocketFeature;
  const { token = GRAPHQL_SOCKET, create = graphqlSocket } = chosen;
  const useFactory = () => {
    const socket =
      (typeof ngServerMode === 'undefined' || ngServerMode) && isOnServer()
        ? createServerSocket()
        : create(typeof config === 'function' ? config() : config);
    const inner = inZones(socket);
    inject(DestroyRef).onDestroy(inner.close);
    return inner;
  };
  return makeEnvironmentProviders([{ provide: token, useFactory }]);
}

/**
 * The socket that {@link provideGraphQLSocket} provides. Call it in an injection context, as `inject`.
 *
 * @param token - that of {@link withToken}; default: {@link GRAPHQL_SOCKET}
 *
 * @example
 * ```ts
 * readonly #socket = injectGraphQLSocket();
 * readonly price$ = this.#socket.subscribe$<{ price: number }>('subscription { price }');
 * ```
 */
export function injectGraphQLSocket(
  token: InjectionToken<GraphQLSocket> = GRAPHQL_SOCKET,
): GraphQLSocket {
  return inject(token);
}
