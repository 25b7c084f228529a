import type { GraphQLSocketConfig } from '../../lib/config.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
import { held } from './held.js';
import type { Script, Scripted } from './scripted.js';
import { accepts, scripted, scriptedWs } from './scripted.js';
import { record } from './test.js';

/**
 * A socket object before a scripted server, which opens 1 ms after the dial and acknowledges 1 ms after that by default.
 * A retry follows 10 ms after a failure; there are no pings.
 */
export function bench(config: Partial<GraphQLSocketConfig> = {}, ...scripts: Script[]) {
  return bound(scripted(...(scripts.length > 0 ? scripts : [accepts()])), config);
}

/** The same with what `ws` has. */
export function wsBench(config: Partial<GraphQLSocketConfig> = {}, ...scripts: Script[]) {
  return bound(scriptedWs(...(scripts.length > 0 ? scripts : [accepts()])), config);
}

function bound(fake: Scripted, config: Partial<GraphQLSocketConfig>) {
  const { webSocketImpl, sockets } = held(fake);
  const socket = graphqlSocket({
    url: 'ws://peer/graphql',
    webSocketImpl,
    pingInterval: false,
    retry: { delay: 10 },
    ...config,
  });
  /** The server's end of the nth socket that was dialled. */
  const at = (index: number) => {
    const peer = fake.peers.at(index);
    if (!peer) throw new Error(`no socket ${String(index)} was dialled`);
    return peer;
  };
  const { peers, live, messages } = fake;
  return { socket, sockets, at, peers, live, messages };
}

/** The same, and a subscription on it, whose id is 1 if it is the first. */
export function subscribed<B extends ReturnType<typeof bench>>(bench: B) {
  return { ...bench, stream: record(bench.socket.subscribe$('subscription { a }')) };
}
