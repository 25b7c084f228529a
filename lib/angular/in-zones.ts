import type { GraphQLSocket } from 'rx-graphql-ws';
import { defer, isObservable } from 'rxjs';
import { createStartCounter } from './start-counter.js';
import { outsideZone, runOutside } from './zone.js';

// a constant in bundles of the Angular CLI: those for production leave out what is for development
declare const ngDevMode: unknown;

/** The same socket object, with all that it does outside Angular's zone. Its streams deliver where they were subscribed. */
export function inZones(socket: GraphQLSocket): GraphQLSocket {
  const count = typeof ngDevMode === 'undefined' || ngDevMode ? createStartCounter() : undefined;

  const wrap = (member: unknown) => {
    if (isObservable(member)) return member.pipe(outsideZone());
    return (...given: unknown[]) => {
      const result = runOutside(() => (member as (...given: unknown[]) => unknown)(...given));
      if (!isObservable(result)) return result;
      return defer(() => {
        count?.(given);
        return result.pipe(outsideZone());
      });
    };
  };
  // every member, so that none has to be named here
  const members = Reflect.ownKeys(socket) as (keyof GraphQLSocket)[];
  return Object.fromEntries(
    members.map((name) => [name, wrap(socket[name])]),
  ) as unknown as GraphQLSocket;
}
