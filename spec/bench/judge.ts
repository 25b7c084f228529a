import { medianInterval } from '../helpers/measure/median-interval.js';
import type { Figure } from './outcome.js';
import { judgeEach, judgeEither, judgeInterval, sure, type Judgement } from './verdict.js';
import type { FigureSpec, Round } from './workload.js';

/** The same as `sure`, for figures that are for information. */
const likely = 0.9;

/** The figures of all rounds, beside their targets. */
export function judge(specs: readonly FigureSpec[], rounds: readonly Round[]): readonly Figure[] {
  return specs.map((spec) => {
    const { what, unit, target, orElse } = spec;
    const interval = medianInterval(rounds.map(spec.of), target ? sure : likely);
    const enough = specs.filter((one) => one === spec || one.what === orElse);
    const judgement = target && judgeEither(enough.flatMap((one) => judgementOf(one, rounds)));
    return { what, unit, ...interval, ...(judgement && { target, ...judgement }) };
  });
}

function judgementOf(
  { of, target, everyRound = false }: FigureSpec,
  rounds: readonly Round[],
): readonly Judgement[] {
  const values = rounds.map(of);
  if (!target) return [];
  // NaN is not measured: it has no place in an order
  if (everyRound || values.some(Number.isNaN)) return [judgeEach(target, values)];
  return [judgeInterval(target, medianInterval(values, sure))];
}
