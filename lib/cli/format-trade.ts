import type { DexTrade } from './dex-trades.js';

/** The heading for the lines of {@link formatTrade}. */
export const tradeHeading = columns('time', 'slot', 'dex', 'pair', 'price', 'USD');

/** Writes a trade in one line: time, slot, dex, pair, price, price in USD. */
export function formatTrade({ Block, Trade: { Dex, Buy, Sell } }: DexTrade): string {
  return columns(
    Block.Time.slice(11, 23),
    Block.Slot,
    `${Dex.ProtocolFamily} ${Dex.ProtocolName}`,
    `${Buy.Currency.Symbol}/${Sell.Currency.Symbol}`,
    Buy.Price.toFixed(9),
    `$${Buy.PriceInUSD.toFixed(6)}`,
  );
}

function columns(
  time: string,
  slot: string,
  dex: string,
  pair: string,
  price: string,
  usd: string,
): string {
  return [
    time.padEnd(12),
    slot.padEnd(9),
    dex.padEnd(16),
    pair.padEnd(10),
    price.padStart(13),
    usd.padStart(11),
  ].join('  ');
}
