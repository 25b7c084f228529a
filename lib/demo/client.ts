/** The trade of a block. Each block has one. `recovered`: it was missed, and came by a backfill. */
export interface Trade {
  readonly block: number;
  readonly time: string;
  readonly pair: string;
  readonly price: number;
  readonly recovered?: boolean;
}

export type Trades = Readonly<{ trades: readonly Trade[] }>;

/** The means of a client, and the functions that it tells everything to. */
export interface ClientOptions {
  /** `ws:` and `http:` name the same server. */
  readonly url: string;
  /** Gives a new token. The server takes it until it has expired. */
  readonly token: () => string;
  /** The part of the usual time that everything takes. */
  readonly pace: number;
  readonly trade: (trade: Trade) => void;
  readonly state: (isConnected: boolean, text: string) => void;
  /** A gap was noticed, or it stays (`isOpen`). The same gap has the same id. */
  readonly gap: (id: number, isOpen: boolean) => void;
}

/** One of both: it subscribes anew, begins and ends the bad operation, unsubscribes, or ends. */
export type Client = Readonly<Record<'change' | 'add' | 'remove' | 'leave' | 'close', () => void>>;

export const liveTrades = 'subscription { trades { block time pair price } }';
export const badOperation = 'subscription { trades(first: -1) { block } }';
