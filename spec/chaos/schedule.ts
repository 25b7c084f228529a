import { seededRandom } from 'rx-graphql-ws/testing/server';

/** Least and longest duration of each kind of fault, in ms. */
const durations = {
  /** kill -9 of the server; it is back after that time. */
  kill: [100, 5_000],
  /** Nothing arrives on either side. */
  'black-hole': [500, 6_000],
  /** What the server sends does not arrive. */
  'drop-in': [500, 6_000],
  /** What the client sends does not arrive. */
  'drop-out': [500, 6_000],
  /** Whatever the client sends is answered by a reset, a dial too. */
  reset: [100, 3_000],
  'stop-server': [200, 5_000],
  'stop-client': [200, 5_000],
  /** `percent` of the packets are lost, in each direction. */
  loss: [2_000, 6_000],
  /** 64 kbit/s in each direction. */
  bandwidth: [2_000, 6_000],
  /** The link goes down and up, `times` in a row. */
  flap: [200, 3_000],
} as const;

export type FaultKind = keyof typeof durations;
export const faultKinds = Object.keys(durations) as readonly FaultKind[];

/** A fault, from `at` ms after the start, for `lasts` ms. */
export interface Fault {
  readonly kind: FaultKind;
  readonly at: number;
  readonly lasts: number;
  readonly percent: number;
  readonly times: number;
}

/**
 * The faults of a run, one after the other, each kind as often as the others: the same for the same seed. Between two of them there is
 * often less time than a client needs to come back, so that handshakes are hit as well.
 *
 * @param kinds - from which they are drawn
 */
export function scheduleFaults(
  seed: number,
  forMs: number,
  kinds: readonly FaultKind[] = faultKinds,
): readonly Fault[] {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => Math.round(low + random() * (high - low));
  // Even in the logarithm: as many of some 100 ms as of some s.
  const lasting = ([least, longest]: readonly [number, number]) =>
    Math.round(least * (longest / least) ** random());
  const faults: Fault[] = [];
  let bag: FaultKind[] = [];
  let at = between(1_000, 3_000);
  for (;;) {
    if (bag.length === 0) bag = [...kinds];
    const kind = bag.splice(between(0, bag.length - 1), 1)[0]!;
    const lasts = lasting(durations[kind]);
    const fault = { kind, at, lasts, percent: between(1, 20), times: between(1, 5) };
    if (at + lasts > forMs) return faults;
    faults.push(fault);
    at += lasts + between(300, 3_000);
  }
}
