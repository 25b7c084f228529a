import { firstValueFrom } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';

/** The state that a socket is in now. */
export async function stateOf({ status$ }: GraphQLSocket): Promise<string> {
  return (await firstValueFrom(status$)).state;
}
