import type { Outcome } from '../outcome.js';
import { measured, short, shortInterval, shortTarget, shortVerdict } from './format.js';

/** Tells what came of a workload, as soon as it is known. */
export function print({ name, rounds, variants, figures }: Outcome): void {
  console.log(`\n${name}: ${rounds} of each`);
  console.table(
    Object.fromEntries(
      Object.entries(variants).map(([variant, sample]) => [
        variant,
        Object.fromEntries(
          Object.entries(sample)
            .filter(([value]) => value in measured)
            .map(([value, number]) => [measured[value], short(number)]),
        ),
      ]),
    ),
  );
  console.table(
    figures.map((figure) => ({
      figure: figure.what,
      'median (interval)': shortInterval(figure),
      confidence: Number(figure.confidence.toFixed(3)),
      target: shortTarget(figure.target),
      verdict: shortVerdict(figure),
    })),
  );
  for (const [variant, { rate, busy }] of Object.entries(variants))
    if (rate !== undefined && busy !== undefined && busy < 0.9)
      console.log(
        `${variant} was busy for ${Math.round(busy * 100)} % of the time only: its rate is that of the server, or of what else ran`,
      );
}
