import { afterEach } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { concat, NEVER, of } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { useRigServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import type { RigServer } from '../rig/rig-server.js';
import { handedOut, watchSocket, type HandedOut } from './handed-out.js';
import { secretive } from './secretive.js';

/** The trial of a client with secrets. */
export interface Trial {
  readonly server?: GraphQLTestServerOptions;
  readonly config?: (url: string) => GraphQLSocketConfig;
  readonly further?: Partial<GraphQLSocketConfig>;
  /** Before the dial. */
  readonly before?: (server: RigServer) => void;
  /** Once the operations have started. */
  readonly after?: (server: RigServer) => void;
}

export interface Endured {
  readonly server: RigServer;
  readonly socket: GraphQLSocket;
  readonly out: HandedOut;
}

const hasty = {
  connectTimeout: 150,
  ackTimeout: 100,
  pingInterval: 30,
  pongTimeout: 40,
  closeTimeout: 30,
  retry: { delay: 5, count: 1 },
} satisfies Partial<GraphQLSocketConfig>;

const handle = () => concat(of({ data: 1 }, { data: 2 }), NEVER);

/** Runs clients with secrets against servers of their own, and fails over a secret in what they give, at any time. */
export function useEndurance(): (trial: Trial) => Promise<Endured> {
  const serve = useRigServer();
  const connect = useSocket();
  const all: HandedOut[] = [];
  afterEach(() => {
    for (const out of all.splice(0)) out.leave();
  });
  return async ({ config = secretive, ...trial }) => {
    const server = await serve({ handle, ...trial.server });
    trial.before?.(server);
    const socket = connect({ ...config(server.url), ...hasty, ...trial.further });
    const out = handedOut();
    all.push(out);
    watchSocket(socket, out);
    out.expectNoSecret();
    if (trial.after) {
      await Promise.race([
        server.ledger.until('started', undefined, 5),
        delay(5_000, undefined, { ref: false }),
      ]);
      trial.after(server);
    }
    for (let waited = 0; waited < 400 && !out.has('the error of subscribe$'); waited += 20)
      await delay(20);
    out.expectNoSecret();
    return { server, socket, out };
  };
}

/** Tries many at a time, because most of it is waiting. A failure tells which it was. */
export async function allOf<T>(
  trials: readonly (readonly [name: string, value: T])[],
  endure: (value: T) => Promise<void>,
): Promise<void> {
  const waiting = [...trials];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, value] = next;
      await endure(value).catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: 32 }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
