import type { GraphQLSocket, GraphQLSocketConfig } from 'rx-graphql-ws';
import type { RigServer } from '../../rig/rig-server.js';
import type { Row } from '../row.js';

/** The observer of a subscription. */
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

/** The settings of a client. */
export interface ClientSettings {
  readonly url: string;
  readonly connectionParams: NonNullable<Row['connectionParams']>;
  /** Options for `rx-graphql-ws` alone. */
  readonly options: Partial<GraphQLSocketConfig>;
  readonly server: RigServer;
}

/** Makes one, which does not connect yet. */
export type CreateClient = (settings: ClientSettings) => Client;
