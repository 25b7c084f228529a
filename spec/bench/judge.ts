import { medianInterval, type MedianInterval } from '../helpers/measure/median-interval.js';
import type { Figure, Verdict } from './outcome.js';
import type { FigureSpec, Round, Target } from './workload.js';

/** The least probability with which an interval must hold the true median. */
const sure = 0.9;

interface Measured {
  readonly spec: FigureSpec;
  readonly values: readonly number[];
  readonly interval: MedianInterval;
}

/** The figures of all rounds, beside their targets. */
export function judge(specs: readonly FigureSpec[], rounds: readonly Round[]): readonly Figure[] {
  const measured = specs.map((spec): Measured => {
    const values = rounds.map(spec.of);
    return { spec, values, interval: medianInterval(values, sure) };
  });
  return measured.map((one) => {
    const { what, unit, target, orElse } = one.spec;
    const asGood = measured.filter(({ spec }) => spec.what === orElse);
    const verdict = target && verdictOf([one, ...asGood]);
    return { what, unit, ...one.interval, ...(verdict && { target, verdict }) };
  });
}

/** Of figures of which one is enough. */
function verdictOf(measured: readonly Measured[]): Verdict {
  if (!measured.every(enough)) return 'too few rounds';
  return measured.some(reached) ? 'met' : 'missed';
}

function enough({ spec: { everyRound = false }, values, interval }: Measured): boolean {
  return values.length > 0 && (everyRound || interval.confidence >= sure);
}

function reached({ spec: { everyRound = false, target }, values, interval }: Measured): boolean {
  if (!target) return false;
  const reaches = everyRound ? values.map((value) => ({ low: value, high: value })) : [interval];
  return reaches.every((one) => isReached(one, target));
}

function isReached({ low, high }: Pick<MedianInterval, 'low' | 'high'>, target: Target): boolean {
  return 'atLeast' in target ? high >= target.atLeast : low <= target.atMost;
}
