import { expect } from 'chai';
import { describe, it } from 'mocha';
import { solanaTrades } from '../../lib/cli/solana-trades.js';

const since = Date.UTC(2026, 0, 15, 12);
const take = (seed: number, count: number) => {
  const feed = solanaTrades(seed, since);
  return Array.from({ length: count }, () => feed.next().value);
};

describe('solanaTrades', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(take(1, 50)).to.deep.equal(take(1, 50));
    expect(take(1, 5)).to.not.deep.equal(take(2, 5));
  });

  it('goes on slot by slot, 400 ms each', () => {
    for (const [index, { Solana }] of take(7, 20).entries())
      for (const { Block } of Solana.DEXTrades)
        expect(Block).to.deep.equal({
          Slot: String(380_000_001 + index),
          Time: new Date(since + 400 * (index + 1)).toISOString(),
        });
  });

  it('invents trades of plausible shape', () => {
    const trades = take(3, 200).flatMap(({ Solana }) => Solana.DEXTrades);
    expect(new Set(trades.map(({ Transaction }) => Transaction.Signature)).size).to.equal(
      trades.length,
    );
    for (const { Transaction, Trade } of trades) {
      expect(Transaction.Signature).to.match(/^[1-9A-HJ-NP-Za-km-z]{88}$/);
      for (const side of [Trade.Buy, Trade.Sell]) {
        expect(side.PriceInUSD).to.be.above(0);
        expect(side.Amount).to.match(new RegExp(`^\\d+\\.\\d{${String(side.Currency.Decimals)}}$`));
      }
      expect(Trade.Buy.Price * Trade.Sell.Price).to.be.closeTo(1, 1e-6);
      expect(Trade.Buy.AmountInUSD).to.equal(Trade.Sell.AmountInUSD);
    }
  });
});
