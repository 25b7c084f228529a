/**
 * Test doubles for code that uses `rx-graphql-ws/angular`.
 *
 * @packageDocumentation
 */
import type { EnvironmentProviders, ProviderToken } from '@angular/core';
import { inject, InjectionToken, makeEnvironmentProviders } from '@angular/core';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLSocketFeature } from 'rx-graphql-ws/angular';
import { GRAPHQL_SOCKET, provideGraphQLSocket } from 'rx-graphql-ws/angular';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';

const controllers = new WeakMap<object, ProviderToken<GraphQLSocketTestingController>>([
  [GRAPHQL_SOCKET, GraphQLSocketTestingController],
]);

/**
 * The token of the controller behind a socket that {@link provideGraphQLSocketTesting} provides `withToken`. The controller of the default token is
 * provided as `GraphQLSocketTestingController`.
 *
 * @example
 * ```ts
 * TestBed.inject(controllerOf(PRICES)).expectOne('Price').next({ price: 7 });
 * ```
 */
export function controllerOf(
  token: InjectionToken<GraphQLSocket>,
): ProviderToken<GraphQLSocketTestingController> {
  const known =
    controllers.get(token) ?? new InjectionToken<GraphQLSocketTestingController>('controller');
  controllers.set(token, known);
  return known;
}

/**
 * Provides a socket without a network, whose server is a `GraphQLSocketTestingController`: `TestBed.inject(GraphQLSocketTestingController)`. Write it
 * behind `provideGraphQLSocket()`, if that is among the providers too: the last one counts.
 *
 * @param config - options for the controller, such as those of the application
 * @param features - `withToken`: the token to replace, see {@link controllerOf}
 *
 * @example
 * ```ts
 * TestBed.configureTestingModule({ providers: [provideGraphQLSocketTesting()] });
 * const controller = TestBed.inject(GraphQLSocketTestingController);
 * ```
 */
export function provideGraphQLSocketTesting(
  config: Partial<GraphQLSocketConfig> = {},
  ...features: readonly GraphQLSocketFeature[]
): EnvironmentProviders {
  const { token = GRAPHQL_SOCKET } = Object.assign({}, ...features) as GraphQLSocketFeature;
  const controller = controllerOf(token);
  return makeEnvironmentProviders([
    { provide: controller, useFactory: () => new GraphQLSocketTestingController(config) },
    provideGraphQLSocket(config as GraphQLSocketConfig, ...features, {
      create: () => inject(controller),
    }),
  ]);
}
