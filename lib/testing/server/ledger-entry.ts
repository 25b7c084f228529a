import type { PostRequest } from './backfill/post-request.js';
import type { OperationRequest } from './operation-handler.js';
import type { UpgradeRequest } from './verdict.js';
import type { WireMessage } from './wire-message.js';

interface OfConnection {
  /** The number of the upgraded socket, from 1 on. */
  readonly connection: number;
}

/** An operation that has started and not ended. */
export interface LiveOperation extends OfConnection {
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
export interface LiveSocket extends OfConnection {
  /** The selected subprotocol, an empty string for none. */
  readonly subprotocol: string;
  /** ms since the epoch. */
  readonly openedAt: number;
}

interface OfFrame extends OfConnection {
  /** Text as it is, bytes of a sent frame as base64. */
  readonly frame: string;
  /** `undefined` if the frame is not a JSON object with a string `type`. */
  readonly message: WireMessage | undefined;
}

interface OfClose extends OfConnection {
  /** 1005 for no code. */
  readonly code: number;
  readonly reason: string;
}

interface Entries {
  /** A request to upgrade, granted or not. */
  readonly upgrade: UpgradeRequest;
  /** A POST that was answered. `request` is `undefined` if the body held none. */
  readonly request: PostRequest & { readonly status: number };
  readonly opened: Omit<LiveSocket, 'openedAt'>;
  readonly received: OfFrame;
  /** A frame handed to the socket. The server parses its `message` when you read it. */
  readonly sent: OfFrame & { readonly binary: boolean };
  readonly started: LiveOperation;
  /** An operation over `maxStreams`. It gets nothing and is not billed. */
  readonly capped: LiveOperation;
  /** The end of an operation. `billedFor` is the time since `started`, in ms; 0 for a capped operation. */
  readonly ended: OfConnection & { readonly id: string; readonly billedFor: number };
  /** A close frame handed to the socket. */
  readonly closing: OfClose;
  readonly closed: OfClose;
}

/** One event, `at` ms since the epoch. */
export type LedgerEntry = {
  [T in keyof Entries]: { readonly at: number; readonly type: T } & Entries[T];
}[keyof Entries];

export type LedgerEntryOf<T extends LedgerEntry['type']> = Extract<
  LedgerEntry,
  { readonly type: T }
>;

export interface SentFact extends OfConnection {
  readonly type: 'sent';
  readonly data: string | Uint8Array;
}

/** An event as the server writes it. The ledger adds the rest of the entry. */
export type LedgerFact =
  | SentFact
  | {
      [T in Exclude<keyof Entries, 'sent'>]: { readonly type: T } & Omit<Entries[T], 'billedFor'>;
    }[Exclude<keyof Entries, 'sent'>];
