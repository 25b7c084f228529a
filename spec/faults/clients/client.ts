import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { RigServer } from '../../rig/rig-server.js';
import type { Row } from '../row.js';

/** Who listens to a subscription. */
interface DataObserver {
  next(data: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** A GraphQL client, as far as the table needs it. */
export interface Client {
  /** `rx-graphql-ws` itself. */
  readonly socket?: GraphQLSocket;
  /** Returns what unsubscribes. */
  subscribe(query: string, observer: DataObserver): () => void;
  close(): unknown;
}

/** What a client is made of. */
export interface ClientSettings {
  readonly url: string;
  readonly connectionParams: NonNullable<Row['connectionParams']>;
  /** Of `rx-graphql-ws` alone. */
  readonly options: Partial<GraphQLSocketConfig>;
  readonly server: RigServer;
}

/** Makes one, which does not connect yet. */
export type CreateClient = (settings: ClientSettings) => Client;
