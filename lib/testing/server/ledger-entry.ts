import type { PostRequest } from './backfill/post-request.js';
import type { OperationRequest } from './operation-handler.js';
import type { UpgradeRequest } from './verdict.js';
import type { WireMessage } from './wire-message.js';

/** An operation that was started and has not ended. Its handler is at work, unless a fault stands in its place: `neverStart()`, say. */
export interface LiveOperation {
  readonly connection: number;
  readonly id: string;
  readonly request: OperationRequest;
}

/** A stream that is billed: an operation that the server works for, whether or not anybody still listens. */
export interface BilledStream extends LiveOperation {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms up to now. */
  readonly billedFor: number;
}

/** A socket that the server takes for open, though its client may have vanished. */
export interface LiveSocket {
  readonly connection: number;
  /** The selected one, an empty string for none. */
  readonly subprotocol: string;
  /** ms since the epoch. */
  readonly openedAt: number;
}

/** One thing that happened, `at` ms since the epoch. `connection` counts the upgraded sockets from 1. */
export type LedgerEntry = { readonly at: number } &
  /** An HTTP request to be upgraded, granted or not. */
  (
    | ({ readonly type: 'upgrade' } & UpgradeRequest)
    /** A POST that was answered. `request` is `undefined` where the body held none. */
    | ({ readonly type: 'request'; readonly status: number } & PostRequest)
    /** `subprotocol` is the selected one, an empty string for none. */
    | { readonly type: 'opened'; readonly connection: number; readonly subprotocol: string }
    /** `message` is `undefined` where the frame is not a JSON object with a string `type`. */
    | {
        readonly type: 'received';
        readonly connection: number;
        readonly frame: string;
        readonly message: WireMessage | undefined;
      }
    /** A frame handed to the socket. `message` as with `received`; it is parsed when it is read. */
    | {
        readonly type: 'sent';
        readonly connection: number;
        /** Text as it is, bytes as base64. */
        readonly frame: string;
        readonly binary: boolean;
        readonly message: WireMessage | undefined;
      }
    | ({ readonly type: 'started' } & LiveOperation)
    /** An operation over `maxStreams`, which gets nothing and is not billed. */
    | ({ readonly type: 'capped' } & LiveOperation)
    /** An operation, capped or not. `billedFor` is the time since its start, in ms; 0 of a capped one, which has no `started`. */
    | {
        readonly type: 'ended';
        readonly connection: number;
        readonly id: string;
        readonly billedFor: number;
      }
    /** The server began to close: the frame handed to the socket, with 1005 for no code. */
    | {
        readonly type: 'closing';
        readonly connection: number;
        readonly code: number;
        readonly reason: string;
      }
    | {
        readonly type: 'closed';
        readonly connection: number;
        readonly code: number;
        readonly reason: string;
      }
  );

export type LedgerEntryOf<T extends LedgerEntry['type']> = Extract<
  LedgerEntry,
  { readonly type: T }
>;

/** What happened, as it is told to the ledger, which derives the rest. */
export type LedgerFact =
  | SentFact
  | {
      [T in Exclude<LedgerEntry['type'], 'sent'>]: Omit<LedgerEntryOf<T>, 'at' | 'billedFor'>;
    }[Exclude<LedgerEntry['type'], 'sent'>];

/** A frame handed to the socket. */
export interface SentFact {
  readonly type: 'sent';
  readonly connection: number;
  readonly data: string | Uint8Array;
}
