/**
 * Synthetic results in the shape of a feed of trades on Solana (one row in each kilobyte), or, where there is room for no row, of the number of
 * transactions in a block. One number tells them apart; it has nine digits, so that all results of one size have one length.
 */
const firstNumber = 100_000_000;

/** The JSON text of a result. */
export function resultText(size: number, sequence: number): string {
  const number = firstNumber + sequence;
  if (size < 1_000) return `{"data":{"EVM":{"Blocks":[{"Block":{"TxCount":${number}}}]}}}`;
  const rows = Array.from({ length: Math.round(size / 1_000) }, (_, row) =>
    trade(row, row === 0 ? number : firstNumber),
  );
  return `{"data":{"Solana":{"DEXTrades":[${rows.join(',')}]}}}`;
}

/** Where in a text the number stands, in characters, which are bytes. */
export function sequenceAt(text: string): number {
  return text.indexOf(String(firstNumber).slice(0, 2), text.search(/TxCount|"Index"/));
}

/** The digits of a number. */
export function sequenceDigits(sequence: number): string {
  return String(firstNumber + sequence);
}

const slot = '"Slot":"';

/** Where in a text the time of its writing stands; -1 where there is no row. */
export function stampAt(text: string): number {
  const at = text.indexOf(slot);
  return at < 0 ? -1 : at + slot.length;
}

/** µs of a clock that all processes of a machine share; nine digits, which begin again after a quarter of an hour. */
export function stampDigits(): string {
  return String(sharedClock()).padStart(9, '0');
}

const clockEnds = 1e9;

function sharedClock(): number {
  return Number((process.hrtime.bigint() / 1_000n) % BigInt(clockEnds));
}

/** µs since the result was written. */
export function ageOf(data: unknown): number {
  const written = Number((data as Trades).Solana.DEXTrades[0]!.Block.Slot);
  return (sharedClock() - written + clockEnds) % clockEnds;
}

interface Blocks {
  readonly EVM: { readonly Blocks: readonly { readonly Block: { readonly TxCount: number } }[] };
}
interface Trades {
  readonly Solana: {
    readonly DEXTrades: readonly {
      readonly Block: { readonly Slot: string };
      readonly Trade: { readonly Index: number };
    }[];
  };
}

/** What reads the number of the data of a result: the one field that every client touches. */
export function sequenceReader(size: number): (data: unknown) => number {
  return size < 1_000
    ? (data) => (data as Blocks).EVM.Blocks[0]!.Block.TxCount - firstNumber
    : (data) => (data as Trades).Solana.DEXTrades[0]!.Trade.Index - firstNumber;
}

/** A row of nearly 1 kB. */
function trade(row: number, index: number): string {
  const random = randomFrom(row % 64);
  const currency = (name: string) => ({
    MintAddress: base58(random, 44),
    Symbol: name.toUpperCase().slice(0, 4),
    Decimals: 9,
  });
  const side = (name: string, price: number) => ({
    Amount: (random() * 1_000).toFixed(9),
    AmountInUSD: (random() * 100).toFixed(6),
    Price: price,
    PriceInUSD: Number((price * 142).toPrecision(8)),
    Account: { Address: base58(random, 44), Owner: base58(random, 44) },
    Currency: currency(name),
  });
  const price = Number((random() / 100).toPrecision(8));
  return JSON.stringify({
    Block: { Slot: '380000001', Time: '2026-01-15T12:00:00.400Z' },
    Transaction: { Signature: base58(random, 88) },
    Trade: {
      Index: index,
      Dex: { ProtocolName: 'clmm' },
      Market: { MarketAddress: base58(random, 44) },
      Buy: side('sample', price),
      Sell: side('wrapped', Number((1 / price).toPrecision(8))),
    },
  });
}

const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58(random: () => number, length: number): string {
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
}

/** The same numbers in every run (a linear congruential generator): sizes must not differ from pair to pair. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
