import type { GraphQLSocket, GraphQLSocketConfig, SubscribeOptions } from 'rx-graphql-ws';
import { defer, tap } from 'rxjs';
import { isFunction, isObject } from '../check.js';
import { isDocument, type OperationMatcher, readMatcher } from './operation-matcher.js';
import type { HeldOperation } from './test-operation.js';

export type SharedSubscribers = ReturnType<typeof followShared>;

/** Follows the subscribers of shared operations, which the client stops only a while after the last one has left. */
export function followShared(
  subscribe$: GraphQLSocket['subscribe$'],
  config: Partial<GraphQLSocketConfig>,
) {
  const subscribers = new Set<{ request: unknown; linger: number; left: boolean }>();
  const follow = (request: unknown, { share }: SubscribeOptions) => {
    const { linger = 0 } = Object(share) as { readonly linger?: number };
    const subscriber = { request, linger, left: false };
    subscribers.add(subscriber);
    const forget = () => subscribers.delete(subscriber);
    const leave = () => (subscriber.left = true);
    return tap<never>({ error: forget, complete: forget, unsubscribe: leave });
  };
  return {
    subscribe$: ((request, options) => {
      const data$ = subscribe$(request, options);
      return options?.share ? defer(() => data$.pipe(follow(request, options) as never)) : data$;
    }) as GraphQLSocket['subscribe$'],
    /** The `linger` of an open operation that all its subscribers have left; `undefined` for any other one. */
    lingerOf: ({ operation, head }: HeldOperation): number | undefined => {
      const own = [...subscribers].filter(({ request }) =>
        readMatcher(matcherFor(request), config).matches(operation.request, head),
      );
      const isLeft = own.length > 0 && own.every(({ left }) => left);
      return isLeft ? Math.max(...own.map(({ linger }) => linger)) : undefined;
    },
  };
}

/** The values of functions are not known here, so that such variables match any. */
function matcherFor(request: unknown): OperationMatcher {
  if (!isObject(request) || isDocument(request)) return request as string;
  const { query, operationName, variables } = request as Record<string, never>;
  return { query, operationName, variables: isFunction(variables) ? undefined : variables };
}
