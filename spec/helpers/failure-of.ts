import { firstValueFrom, ignoreElements, type Observable } from 'rxjs';
import type { GraphQLSocketError } from 'rx-graphql-ws';

/** Resolves with the error of a stream; rejects where it completes. */
export async function failureOf<Name extends GraphQLSocketError['name']>(
  stream$: Observable<unknown>,
  name: Name,
): Promise<Extract<GraphQLSocketError, { readonly name: Name }>> {
  const error = await firstValueFrom(stream$.pipe(ignoreElements())).then(
    () => undefined,
    (thrown: unknown) => thrown as GraphQLSocketError,
  );
  if (error?.name === name) return error as Extract<GraphQLSocketError, { readonly name: Name }>;
  throw new Error(`expected ${name}, got ${String(error)}`, { cause: error });
}
