import type { RecordedFrame } from './recording-line.js';

/** How a recorded socket ended, as far as the server is concerned. */
export type AttemptEnd =
  /** The server closed it, or the connection broke. */
  | {
      readonly kind: 'closed';
      readonly time: number;
      readonly code: number;
      readonly reason: string;
    }
  /** The server said nothing any more, until the client gave it up. */
  | { readonly kind: 'silent' }
  /** The client left, or the recording ended before. */
  | { readonly kind: 'open' };

/** A socket that was dialled. Times are ms since the epoch. */
export interface RecordedAttempt {
  readonly dialledAt: number;
  /** When it opened; or when it failed to. */
  readonly openedAt: number;
  /** The one selected; `undefined` for a dial that failed. */
  readonly subprotocol: string | undefined;
  /** In order, of both sides. */
  readonly frames: readonly RecordedFrame[];
  readonly end: AttemptEnd;
}
