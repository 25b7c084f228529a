import type { OperationRequest } from './operation-handler.js';
import type { UpgradeRequest } from './verdict.js';
import type { WireMessage } from './wire-message.js';

/** An operation whose handler is at work. */
export interface LiveOperation {
  readonly connection: number;
  readonly id: string;
  readonly request: OperationRequest;
}

/** What can be told of a server. `connection` counts the upgraded sockets from 1. */
export type LedgerFact =
  /** An HTTP request to be upgraded, granted or not. */
  | ({ readonly type: 'upgrade' } & UpgradeRequest)
  /** `subprotocol` is the selected one, an empty string for none. */
  | { readonly type: 'opened'; readonly connection: number; readonly subprotocol: string }
  /** `message` is `undefined` where the frame is not a JSON object with a string `type`. */
  | {
      readonly type: 'received';
      readonly connection: number;
      readonly frame: string;
      readonly message: WireMessage | undefined;
    }
  | ({ readonly type: 'started' } & LiveOperation)
  | { readonly type: 'ended'; readonly connection: number; readonly id: string }
  | {
      readonly type: 'closed';
      readonly connection: number;
      readonly code: number;
      readonly reason: string;
    };

/** One thing that happened, `at` ms since the epoch. */
export type LedgerEntry = LedgerFact & { readonly at: number };

export type LedgerEntryOf<T extends LedgerEntry['type']> = Extract<
  LedgerEntry,
  { readonly type: T }
>;
