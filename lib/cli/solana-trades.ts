import type { Currency, DexTrade, DexTradesData, Side } from './dex-trades.js';
import { createRandom, type Random } from './random.js';

/** ms between two slots of Solana. */
const slotTime = 400;
const firstSlot = 380_000_000;

/**
 * Generates invented trades without end, one slot at a time. The same seed gives the same trades.
 *
 * @param seed - a 32-bit integer
 * @param since - the time of the first slot, in ms since the epoch
 */
export function* solanaTrades(seed: number, since: number): Generator<DexTradesData, never> {
  const random = createRandom(seed);
  const market = createMarket(random);
  for (let slot = 1; ; slot += 1) {
    const block = {
      Slot: String(firstSlot + slot),
      Time: new Date(since + slot * slotTime).toISOString(),
    };
    const trades = Array.from({ length: 1 + random.below(2) }, (_, index) =>
      trade(random, market, block, index),
    );
    yield { Solana: { DEXTrades: trades } };
  }
}

interface Market {
  readonly native: Currency;
  /** Each with its price in USD, which changes. */
  readonly tokens: readonly { readonly currency: Currency; price: number }[];
  readonly dexes: readonly DexTrade['Trade']['Dex'][];
}

function createMarket(random: Random): Market {
  const currency = (Name: string, Symbol: string, Decimals: number) => ({
    Decimals,
    MintAddress: random.base58(44),
    Name,
    Symbol,
  });
  const dex = (ProtocolFamily: string, ProtocolName: string) => ({
    ProgramAddress: random.base58(44),
    ProtocolFamily,
    ProtocolName,
  });
  return {
    native: currency('Sample Wrapped Native', 'wSMP', 9),
    tokens: Array.from({ length: 12 }, (_, n) => ({
      currency: currency(`Sample Token ${n + 1}`, `SMP${n + 1}`, random.pick([6, 9])),
      price: 10 ** random.between(-4, 1),
    })),
    dexes: [dex('PoolOne', 'amm_v4'), dex('PoolTwo', 'clmm'), dex('CurveOne', 'bonding')],
  };
}

function trade(
  random: Random,
  { native, tokens, dexes }: Market,
  block: DexTrade['Block'],
  index: number,
): DexTrade {
  const token = random.pick(tokens);
  token.price *= random.between(0.97, 1.03);
  const nativePrice = random.between(149.5, 150.5);
  const usd = 10 ** random.between(0, 4);
  const bought = { currency: token.currency, price: token.price };
  const sold = { currency: native, price: nativePrice };
  return {
    Block: block,
    Transaction: {
      Index: String(index),
      Result: { Success: true },
      Signature: random.base58(88),
      Signer: random.base58(44),
    },
    Trade: {
      Index: 0,
      Dex: random.pick(dexes),
      Market: { MarketAddress: random.base58(44) },
      Buy: toSide(random, usd, bought, sold),
      Sell: toSide(random, usd, sold, bought),
    },
  };
}

interface Priced {
  readonly currency: Currency;
  readonly price: number;
}

function toSide(random: Random, usd: number, own: Priced, other: Priced): Side {
  return {
    Account: { Address: random.base58(44), Owner: random.base58(44) },
    Amount: (usd / own.price).toFixed(own.currency.Decimals),
    AmountInUSD: usd.toFixed(6),
    Currency: own.currency,
    Price: Number((own.price / other.price).toPrecision(12)),
    PriceInUSD: Number(own.price.toPrecision(12)),
  };
}
