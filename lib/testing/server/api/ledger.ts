import type { Observable } from 'rxjs';
import type { UpgradeRequest, WireMessage } from './peer.js';
import type { OperationRequest, PostRequest } from './options.js';

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

/** The number of entries of each type. */
export type LedgerCounts = Readonly<Record<LedgerEntry['type'], number>>;

/** Waits for entries of the ledger. */
export interface LedgerAwaits {
  /**
   * Resolves with the nth entry of a type that matches, past or to come.
   * @param match - default every entry of the type
   * @param count - a whole number ≥ 1; default 1
   * @throws TypeError for a wrong argument
   */
  until<T extends LedgerEntry['type']>(
    type: T,
    match?: (entry: LedgerEntryOf<T>) => boolean,
    count?: number,
  ): Promise<LedgerEntryOf<T>>;
  /** Resolves with the nth message of a type that the server received, past or to come. @throws TypeError for a wrong argument */
  received(type: string, count?: number): Promise<WireMessage>;
}

/** A record of everything that a test server received and did. Reading an array copies its present state. */
export interface Ledger extends LedgerAwaits {
  /** All entries, in order. */
  readonly entries: readonly LedgerEntry[];
  /** All entries so far, then those to come; never completes. */
  readonly entries$: Observable<LedgerEntry>;
  readonly upgrades: readonly LedgerEntryOf<'upgrade'>[];
  /** The POSTs answered, in order. A POST whose client left before the answer is not among them. */
  readonly requests: readonly LedgerEntryOf<'request'>[];
  readonly opened: readonly LedgerEntryOf<'opened'>[];
  /** The sockets closed, in the order of their closing. */
  readonly closed: readonly LedgerEntryOf<'closed'>[];
  readonly frames: readonly LedgerEntryOf<'received'>[];
  readonly messages: readonly WireMessage[];
  /** The frames sent, in order. A frame that a stalled or silent socket dropped is not among them. */
  readonly sent: readonly LedgerEntryOf<'sent'>[];
  /** The number of entries of each type. */
  readonly counts: LedgerCounts;
  /** The operations that the server works for now, in the order of their start. */
  readonly operations: readonly LiveOperation[];
  /** The sockets that the server believes to be open, in the order of their opening. */
  readonly sockets: readonly LiveSocket[];
  /** The streams that the server works for now, in the order of their start, whether or not the client has stopped them or is gone. */
  readonly billed: readonly BilledStream[];
  /** ms billed until now for all streams, ended ones too. */
  readonly billedTime: number;
}
