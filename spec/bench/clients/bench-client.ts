import WebSocket from 'ws';
import type { FeedVariables } from '../feed.js';

/** As ours dials: without compression, which would be most of what is measured. */
export class plainWebSocket extends WebSocket {
  constructor(url: string, protocols: string | string[]) {
    super(url, protocols, { perMessageDeflate: false });
  }
}

/**
 * What happens to results before they are handled: nothing; they are decoded, and the last of every 16 ms is handled; those that equal the
 * one before are left out; none is decoded at all.
 */
export type Mode = 'all' | 'audit' | 'distinct' | 'undecoded';

/** What handles the data of each result. */
export interface Results {
  next(data: unknown): void;
  complete(): void;
}

export interface BenchClient {
  /** Returns what unsubscribes, where that is measured. */
  subscribe(variables: FeedVariables, mode: Mode, results: Results): () => void;
  mutate(variables: FeedVariables, results: Results): void;
  close(): void;
}

interface ConnectOptions {
  readonly url: string;
  readonly legacy: boolean;
  /** Whether the connection stays when no operation is left, as it must from slice to slice. */
  readonly lingers?: boolean;
}

/** ms that a connection without operations stays: more than there are between two slices. */
export const lingering = 60_000;

/** Makes a client. It connects at once, or with its first operation. */
export type Connect = (options: ConnectOptions) => BenchClient;

/** ms from a lost connection to the next dial: the same for all who reconnect. */
export const retryDelay = 10;

export function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}

export function unsupported(): never {
  return fail(new Error('this client is not measured so'));
}
