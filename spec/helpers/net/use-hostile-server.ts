import type { GraphQLSocket } from 'rx-graphql-ws';
import { useSocket } from '../use-socket.js';
import type { Wire } from '../wire.js';
import { hostileServer, type Hostility } from './play-hostile.js';
import { useRawServer, type RawServer } from './raw-server.js';

/** A hostile server, and a client of it with a listener to everything. */
interface Hostile {
  readonly server: RawServer;
  readonly socket: GraphQLSocket;
}

/** Starts hostile servers, and sockets that speak one protocol with them, which end after each test of the suite. */
export function useHostileServer(wire: Wire): (hostility: Hostility) => Promise<Hostile> {
  const serve = useRawServer();
  const connect = useSocket();
  return async (hostility) => {
    const server = await serve(hostileServer(wire, hostility));
    const socket = connect({ url: server.url, subprotocols: [wire.subprotocol] });
    // a listener has our side build everything that it can tell
    socket.events$.subscribe();
    return { server, socket };
  };
}
