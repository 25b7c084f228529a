import fc from 'fast-check';
import type { Line } from './line.js';
import { routedOn } from './operation.js';

/** Whom a message is for: most often an operation that runs. */
export const anyTarget = fc.oneof(
  { weight: 12, arbitrary: fc.nat(9) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('over', 'unknown', '__proto__', 'constructor', 'é'.repeat(80)),
  },
);

/** The id of that one, on this connection. */
export function idOf(target: number | string, line: Line): unknown {
  const { operations } = line;
  const all = [...operations].filter(([, { over }]) => over === (target === 'over'));
  if (target === 'over') return all.at(-1)?.[0] ?? 'over';
  if (typeof target === 'string') return target;
  const running = all.filter(
    ([id, operation]) => routedOn(operation, line) && operation.route?.id === id,
  );
  return running[target % running.length]?.[0] ?? 'none';
}
