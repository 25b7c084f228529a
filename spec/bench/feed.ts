/** What a client asks the bench server for, as variables of its subscription. */
export interface FeedVariables {
  /** About how many bytes a frame has: 100, or a multiple of 1 000. */
  readonly size: number;
  /** How many results there are for each operation. Without it they go on until the client leaves. */
  readonly results?: number;
  /** How many operations of this socket get results in turn; the first result waits for the last of them. One, without it. */
  readonly operations?: number;
  /** How often each result comes in a row. Once, without it. */
  readonly repeat?: number;
  /** Results in a second. Without it they come as fast as the client reads. */
  readonly rate?: number;
  /** Results in a second during the first tenth of every second. */
  readonly burst?: number;
  /** Sizes that take turns instead of `size`, at a rate. All are 1 000 or more. */
  readonly sizes?: readonly number[];
  /** Results whose fields are in alphabetical order, as some servers write them: the head of such a frame tells less. */
  readonly sorted?: boolean;
  /** ms between two keep-alives of the older protocol. Without it there is one, after the handshake. */
  readonly keepAlive?: number;
  /** The name of a gate: feeds with a rate stand still while it is shut. */
  readonly gate?: string;
  /** The operation goes on, in silence, after its last result. */
  readonly stays?: boolean;
}

export const subscription = 'subscription Feed($size: Int!) { feed(size: $size) }';
export const mutation = 'mutation Order($size: Int!) { order(size: $size) }';

/** The server also ends all sockets, stops feeds by their gate and lets them go on, and sends a late result for every operation that it ever had. */
export type Asked = 'drop' | 'shut' | 'open' | 'haunt' | 'count';

/** What the server has seen. */
export interface Counts {
  opened: number;
  closedWith1000: number;
  subscribed: number;
  /** By the client. */
  completed: number;
}

/** The server tells when it has done so, in ms since the epoch. */
export interface Done extends Readonly<Counts> {
  readonly at: number;
}

/** The least number of results that a feed with a rate writes in so many ms, wherever these begin. */
export function leastIn(ms: number, { rate = 1, burst = rate }: FeedVariables): number {
  const seconds = Math.floor(ms / 1_000);
  const rest = ms / 1_000 - seconds;
  return Math.floor(seconds * (burst * 0.1 + rate * 0.9) + rest * Math.min(rate, burst));
}

/** Bytes of the frames that are written again and again, where one round of all operations has not more. */
const enough = 256 * 1_024;

/** How often each operation has its turn until the frames begin again. */
export function roundsOf({
  size,
  operations = 1,
  repeat = 1,
  results = Infinity,
}: FeedVariables): number {
  const rounds = Math.max(Math.ceil(enough / (size * operations * repeat)), 2) * repeat;
  return Math.min(rounds, results);
}
