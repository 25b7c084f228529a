import { drawMarbles } from './draw-marbles.js';
import { isEqual } from './is-equal.js';
import { show } from './show.js';
import type { TestMessage } from './test-message.js';

/** What rxjs' TestScheduler records of a subscription. */
interface SubscriptionLog {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/**
 * Compares marbles, for rxjs' `TestScheduler`; what it throws shows both as diagrams, with a legend of the values.
 * An error in an expectation may be a plain object: then the error must have these members.
 *
 * @throws Error - they differ; `expected` and `actual` are the diagrams, for runners that print a difference
 *
 * @example
 * ```ts
 * const testScheduler = new TestScheduler(marbleEqual);
 * testScheduler.run(({ cold, expectObservable }) => {
 *   expectObservable(cold('-a-#', undefined, new RangeError('too much'))).toBe('-a-#', undefined, { name: 'RangeError' });
 * });
 * ```
 */
export function marbleEqual(actual: unknown, expected: unknown): void {
  if (isEqual(actual, expected)) return;
  const legend = createLegend();
  const draw =
    areMessages(actual) && areMessages(expected)
      ? (messages: unknown) => drawMarbles(messages as readonly TestMessage[], legend.symbolOf)
      : drawSubscriptions;
  const shown = {
    expected: draw(expected) + errorIn(expected),
    actual: draw(actual) + errorIn(actual),
  };
  const failure = [
    // with the colon: mocha shortens what it takes for "<message>: expected"
    'marbles differ:',
    `  expected  ${shown.expected}`,
    `  actual    ${shown.actual}`,
    ...legend.lines(),
  ].join('\n');
  throw Object.assign(new Error(failure), shown);
}

function areMessages(value: unknown): value is readonly TestMessage[] {
  return Array.isArray(value) && value.every((entry: object) => 'notification' in entry);
}

function drawSubscriptions(value: unknown): string {
  const at = (frame: number) => (frame === Infinity ? 'never' : `${frame}ms`);
  const logs = [value].flat() as readonly SubscriptionLog[];
  const drawn = logs.map(
    ({ subscribedFrame, unsubscribedFrame }) =>
      `^ ${at(subscribedFrame)} ! ${at(unsubscribedFrame)}`,
  );
  return drawn.join(', ') || '(nothing)';
}

function errorIn(messages: unknown): string {
  if (!areMessages(messages)) return '';
  const errors = messages.flatMap(({ notification }) =>
    notification.kind === 'E' ? [notification.error] : [],
  );
  return errors.map((error) => `   # = ${show(error)}`).join('');
}

/** At most so many values are explained. */
const mostValues = 30;

/** Letters for values: their own for single characters, the next free one for others. */
function createLegend() {
  const named: { readonly symbol: string; readonly value: unknown }[] = [];
  const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
  return {
    symbolOf: (value: unknown) => {
      const known = named.find((entry) => isEqual(value, entry.value));
      if (known) return known.symbol;
      const own = typeof value === 'string' && /^[a-zA-Z0-9]$/.test(value) ? value : undefined;
      const symbol =
        own ?? letters.find((letter) => named.every((entry) => entry.symbol !== letter)) ?? '?';
      named.push({ symbol, value });
      return symbol;
    },
    lines: () => {
      // a digit may be taken for the number
      const told = named.filter(({ symbol, value }) => symbol !== value || /\d/.test(symbol));
      const lines = told.map(({ symbol, value }) => `  ${symbol} = ${show(value)}`);
      const more = lines.length > mostValues ? [`  … and ${lines.length - mostValues} more`] : [];
      return [...lines.slice(0, mostValues), ...more];
    },
  };
}
