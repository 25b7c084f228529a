import { concat, NEVER, of } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { OperationHandler } from 'rx-graphql-ws/testing/server';

/** Answers with the number of the connection, and goes on. */
export const connectionNumber: OperationHandler = (_request, { peer }) =>
  concat(of({ data: peer.connection }), NEVER);

/** What a subscription comes to: its values, the name of its error, `'completed'`. */
export function outcome({ subscribe$ }: GraphQLSocket): readonly unknown[] {
  const seen: unknown[] = [];
  subscribe$('subscription { a }').subscribe({
    next: (value) => seen.push(value),
    error: ({ name }: Error) => seen.push(name),
    complete: () => seen.push('completed'),
  });
  return seen;
}
