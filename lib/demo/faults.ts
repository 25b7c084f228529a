/** The faults to try. `lasts`: ms. */
export const faults = {
  'half-open': {
    ...{ title: 'Half-open path', lasts: 8_000 },
    text: 'nothing passes for 8 s, and nobody is told; then the path is reset',
  },
  restart: {
    ...{ title: 'Server restart', lasts: 3_000 },
    text: 'the server cuts all connections, and refuses others for 3 s',
  },
  'token-expired': {
    ...{ title: 'Token expired', lasts: 7_000 },
    text: 'the server closes with 4403, and takes the old tokens no more',
  },
  'ignored-stop': {
    ...{ title: 'Ignored stop', lasts: 3_000 },
    text: 'both clients subscribe anew, and the server ignores the stop of the old subscription',
  },
  'bad-operation': {
    ...{ title: 'Bad operation', lasts: 6_000 },
    text: 'a bad operation runs beside the good one for 6 s, and the server closes over it',
  },
} as const;

export type Fault = keyof typeof faults;

/** A fault, `at` ms after the start. */
export type Step = Readonly<{ at: number; fault: Fault }>;

/** All faults, one every ten seconds of a minute, in an order and at times that are drawn; then ten quiet seconds. */
export function planTour(random: () => number): readonly Step[] {
  const left = Object.keys(faults) as Fault[];
  return [4_000, 14_000, 24_000, 34_000, 44_000].map((at) => ({
    at: at + Math.floor(random() * 1_000),
    fault: left.splice(Math.floor(random() * left.length), 1)[0] as Fault,
  }));
}
