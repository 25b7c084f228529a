import type { GraphQLSocketConfig } from '../../lib/config.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
import type { Script } from './fake-peer.js';
import { accepts, fakePeer, fakeWsPeer } from './fake-peer.js';

/**
 * A socket object before a fake peer, which opens 1 ms after the dial and acknowledges 1 ms after that unless it is scripted.
 * A retry follows 10 ms after a failure; there are no pings.
 */
export function bench(config: Partial<GraphQLSocketConfig> = {}, ...scripts: Script[]) {
  return bound(fakePeer(...(scripts.length > 0 ? scripts : [accepts()])), config);
}

/** The same with what `ws` has. */
export function wsBench(config: Partial<GraphQLSocketConfig> = {}, ...scripts: Script[]) {
  return bound(fakeWsPeer(...(scripts.length > 0 ? scripts : [accepts()])), config);
}

function bound<T extends ReturnType<typeof fakePeer>>(
  peer: T,
  config: Partial<GraphQLSocketConfig>,
) {
  const socket = graphqlSocket({
    url: 'ws://peer/graphql',
    webSocketImpl: peer.WebSocket,
    pingInterval: false,
    retry: { delay: 10 },
    ...config,
  });
  /** The nth socket that was dialled. */
  const at = (index: number) => {
    const dialled = peer.sockets.at(index);
    if (!dialled) throw new Error(`no socket ${String(index)} was dialled`);
    return dialled as T['sockets'][number];
  };
  return { ...peer, socket, at };
}
