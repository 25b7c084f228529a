/** A currency in a trade. */
export interface Currency {
  readonly Decimals: number;
  readonly MintAddress: string;
  readonly Name: string;
  readonly Symbol: string;
}

/** One direction of a trade. Amounts are decimal text, because numbers would lose digits. */
export interface Side {
  readonly Account: { readonly Address: string; readonly Owner: string };
  readonly Amount: string;
  readonly AmountInUSD: string;
  readonly Currency: Currency;
  /** In units of the other currency. */
  readonly Price: number;
  readonly PriceInUSD: number;
}

/** One trade, as in Bitquery's `Solana.DEXTrades`. */
export interface DexTrade {
  readonly Block: { readonly Slot: string; readonly Time: string };
  readonly Transaction: {
    readonly Index: string;
    readonly Result: { readonly Success: boolean };
    readonly Signature: string;
    readonly Signer: string;
  };
  readonly Trade: {
    readonly Index: number;
    readonly Dex: {
      readonly ProgramAddress: string;
      readonly ProtocolFamily: string;
      readonly ProtocolName: string;
    };
    readonly Market: { readonly MarketAddress: string };
    readonly Buy: Side;
    readonly Sell: Side;
  };
}

/** The data of one result of {@link dexTradesSubscription}. */
export interface DexTradesData {
  readonly Solana: { readonly DEXTrades: readonly DexTrade[] };
}

const side =
  'Account { Address Owner } Amount AmountInUSD Currency { Decimals MintAddress Name Symbol } Price PriceInUSD';

/** Subscribes to all trades. */
export const dexTradesSubscription = `subscription {
  Solana {
    DEXTrades {
      Block { Slot Time }
      Transaction { Index Result { Success } Signature Signer }
      Trade {
        Index
        Dex { ProgramAddress ProtocolFamily ProtocolName }
        Market { MarketAddress }
        Buy { ${side} }
        Sell { ${side} }
      }
    }
  }
}`;
