import type { Socket } from 'node:net';
import { useTcp, type TcpServer } from '../net/tcp-server.js';
import type { FaultyProxy } from './faulty-proxy.js';
import { useFaultyProxy } from './use-faulty-proxy.js';

/** A TCP server, and a proxy before it. */
interface ProxiedTcp {
  readonly server: TcpServer;
  readonly proxy: FaultyProxy;
}

/** Starts TCP servers with a faulty proxy before each, which are stopped after each test of the suite. */
export function useProxiedTcp(): (onSocket: (socket: Socket) => void) => Promise<ProxiedTcp> {
  const start = useFaultyProxy();
  const listen = useTcp();
  return async (onSocket) => {
    const server = await listen(onSocket);
    return { server, proxy: await start(server.port) };
  };
}
