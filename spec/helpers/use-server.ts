import { afterEach } from 'mocha';
import {
  graphqlTestServer,
  type GraphQLTestServer,
  type GraphQLTestServerOptions,
} from 'rx-graphql-ws/testing/server';

/** Starts servers that are stopped after each test of the suite. */
export function useServer(): (options?: GraphQLTestServerOptions) => Promise<GraphQLTestServer> {
  const servers: GraphQLTestServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  return async (options) => {
    const server = await graphqlTestServer(options);
    servers.push(server);
    return server;
  };
}
