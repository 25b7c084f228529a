import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { RigServer } from '../rig/rig-server.js';
import type { Client } from './clients/client.js';
import { hear, type Heard } from './hear.js';

/** ms between two rows of the feed. */
export const rowEvery = 20;

/** A server, a client, and what its two subscribers heard. */
export interface Stage {
  readonly server: RigServer;
  readonly client: Client;
  /** The older of the two operations: what is aimed at an operation hits this one. */
  readonly victim: Heard;
  readonly neighbour: Heard;
  /** Errors that RxJS could deliver to no subscriber. */
  readonly reports: readonly unknown[];
  /** `rx-graphql-ws` itself. Throws with another client. */
  readonly socket: GraphQLSocket;
  /** One more subscriber. */
  subscribe(name: string): Heard;
  /** The number of the row that came to exist last. */
  newest(): number;
  pause(ms: number): Promise<void>;
}

/** Sets the stage; nobody has subscribed yet. */
export function createStage(
  server: RigServer,
  client: Client,
  feedStart: number,
  reports: readonly unknown[],
): Stage {
  const subscribe = (name: string) => {
    const heard = hear(client, name);
    heard.subscribe();
    return heard;
  };
  return {
    server,
    client,
    victim: hear(client, 'Victim'),
    neighbour: hear(client, 'Neighbour'),
    reports,
    get socket() {
      if (!client.socket) throw new Error('this row is for rx-graphql-ws alone');
      return client.socket;
    },
    subscribe,
    newest: () => Math.floor((Date.now() - feedStart) / rowEvery),
    pause: async (ms) => {
      await delay(ms);
    },
  };
}
