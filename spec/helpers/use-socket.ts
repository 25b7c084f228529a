import { afterEach } from 'mocha';
import { lastValueFrom } from 'rxjs';
import { graphqlSocket, type GraphQLSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';

/** Makes socket objects that are closed after each test of the suite. */
export function useSocket(): (config: GraphQLSocketConfig) => GraphQLSocket {
  const sockets: GraphQLSocket[] = [];
  afterEach(async () => {
    const closing = sockets.splice(0);
    for (const socket of closing) socket.close();
    await Promise.all(closing.map(({ status$ }) => lastValueFrom(status$)));
  });
  return (config) => {
    const socket = graphqlSocket({ closeTimeout: 200, retry: { delay: 20 }, ...config });
    sockets.push(socket);
    return socket;
  };
}
