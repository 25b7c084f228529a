/** What the server of the rig is told. */
export interface FeedServerConfig {
  readonly port: number;
  /** When row 0 exists, in ms since the epoch. */
  readonly start: number;
  /** ms between rows. */
  readonly every: number;
  /** ms between heartbeats. */
  readonly keepAlive: number | false;
}

/** How a client recovers what it has missed: `marks` only tells where it was. */
export type Recovery = 'resume' | 'backfill' | 'marks';

/** One client of the rig. */
export interface ClientConfig {
  readonly name: string;
  readonly port: number;
  readonly subprotocol: 'graphql-transport-ws' | 'graphql-ws';
  /** Options of the socket that JSON can carry; the rest are defaults. */
  readonly options?: {
    readonly connectTimeout?: number;
    readonly ackTimeout?: number;
    readonly pingInterval?: number;
    readonly pongTimeout?: number;
    readonly keepAliveTimeout?: number;
  };
  /** ms that the backoff waits at most; `false`: no retry. */
  readonly backoffMax?: number | false;
  /** ms after which it subscribes. */
  readonly startAfter?: number;
  /** Without it the subscription is a plain one. */
  readonly recovery?: Recovery;
}

/** Ways to spoil the evidence, which prove that the verdicts can be bad ones. */
export const sabotages = [
  'no-retry',
  'drop-value',
  'repeat-value',
  'swap-values',
  'hide-close',
  'hide-gap',
] as const;
export type Sabotage = (typeof sabotages)[number];

/** What the process of the clients is told. */
export interface ClientsConfig {
  readonly clients: readonly ClientConfig[];
  readonly sabotage?: Sabotage | undefined;
}

export const serverAddress = '10.99.0.1';
export const clientAddress = '10.99.0.2';

/** Options of a client that is to notice quickly and to be back soon. */
export const quick = {
  options: { connectTimeout: 2_000, ackTimeout: 2_000, pingInterval: 1_000, pongTimeout: 1_000 },
  backoffMax: 2_000,
} as const;
