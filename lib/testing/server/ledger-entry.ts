import type { PostRequest } from './backfill/post-request.js';
import type { OperationRequest } from './operation-handler.js';
import type { UpgradeRequest } from './verdict.js';
import type { WireMessage } from './wire-message.js';

/** An operation that has started and not ended. */
export interface LiveOperation {
  readonly connection: number;
  readonly id: string;
  readonly request: OperationRequest;
}

/** A stream that a provider would bill: an operation that the server works for, whether or not a client still listens. */
export interface BilledStream extends LiveOperation {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms from the start until now. */
  readonly billedFor: number;
}

/** A socket that the server believes to be open, although its client may be gone. */
export interface LiveSocket {
  readonly connection: number;
  /** The selected subprotocol, an empty string for none. */
  readonly subprotocol: string;
  /** ms since the epoch. */
  readonly openedAt: number;
}

/** One event, `at` ms since the epoch. `connection` is the number of the upgraded socket, from 1 on. */
export type LedgerEntry = { readonly at: number } &
  /** A request to upgrade, granted or not. */
  (
    | ({ readonly type: 'upgrade' } & UpgradeRequest)
    /** A POST that was answered. `request` is `undefined` if the body held none. */
    | ({ readonly type: 'request'; readonly status: number } & PostRequest)
    /** `subprotocol` is the selected one, an empty string for none. */
    | { readonly type: 'opened'; readonly connection: number; readonly subprotocol: string }
    /** `message` is `undefined` if the frame is not a JSON object with a string `type`. */
    | {
        readonly type: 'received';
        readonly connection: number;
        readonly frame: string;
        readonly message: WireMessage | undefined;
      }
    /** A frame handed to the socket. `message` is as with `received`; the server parses it when you read it. */
    | {
        readonly type: 'sent';
        readonly connection: number;
        /** Text as it is, bytes as base64. */
        readonly frame: string;
        readonly binary: boolean;
        readonly message: WireMessage | undefined;
      }
    | ({ readonly type: 'started' } & LiveOperation)
    /** An operation over `maxStreams`. It gets nothing and is not billed. */
    | ({ readonly type: 'capped' } & LiveOperation)
    /** The end of an operation. `billedFor` is the time since `started`, in ms; 0 for a capped operation. */
    | {
        readonly type: 'ended';
        readonly connection: number;
        readonly id: string;
        readonly billedFor: number;
      }
    /** A close frame handed to the socket, with 1005 for no code. */
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

/** An event as the server writes it. The ledger adds the rest of the entry. */
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
