import type { Payload } from '../types.js';
import type { Suspect } from './quarantine.js';

/** Who gets what the server says of an operation. */
export interface OperationObserver {
  /** Nobody listens any more. */
  readonly closed: boolean;
  next(payload: Payload): void;
  error(error: unknown): void;
  complete(): void;
}

/** An operation under way on one connection. */
export interface Operation extends Suspect {
  readonly id: string;
  readonly observer: OperationObserver;
  sent: boolean;
  /** It was answered in full. */
  answered: boolean;
  /** The server was told that it ends. */
  stopped: boolean;
  /** The server may refuse it yet. */
  suspect: boolean;
  /** A query or a mutation has one result, unless it is delivered incrementally. */
  readonly single: boolean;
}
