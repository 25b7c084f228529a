import { afterEach } from 'mocha';
import {
  graphqlTestServer,
  type GraphQLTestServer,
  type GraphQLTestServerOptions,
} from 'rx-graphql-ws/testing/server';
import { rigServer, type RigServer } from '../rig/rig-server.js';

/** Starts servers that are stopped after each test of the suite. */
export function useServer(): (options?: GraphQLTestServerOptions) => Promise<GraphQLTestServer> {
  return use(graphqlTestServer);
}

/** Starts servers with the faults of the rig, which are stopped after each test of the suite. */
export function useRigServer(): (options?: GraphQLTestServerOptions) => Promise<RigServer> {
  return use(rigServer);
}

function use<S extends Pick<GraphQLTestServer, 'stop'>>(
  start: (options?: GraphQLTestServerOptions) => Promise<S>,
): (options?: GraphQLTestServerOptions) => Promise<S> {
  const servers: S[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  return async (options) => {
    const server = await start(options);
    servers.push(server);
    return server;
  };
}
