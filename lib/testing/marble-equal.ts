import type { ObservableNotification } from 'rxjs';
import { showWithGap } from './gap.js';
import { isEqual } from './is-equal.js';
import { show } from './show.js';

interface TestMessage {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

const mostValues = 30;

/** A gap of more frames is written as a time. */
const longestDash = 20;

/**
 * Compares marbles, for rxjs' `TestScheduler`. On a difference it shows both diagrams, with a legend of the values. An expected error may
 * be a plain object: the error must have its members. An expected value may be or have an asymmetric matcher, such as `gap()`, or
 * `expect.any(Number)` of Jest or Vitest.
 * @throws Error - the marbles differ; its `expected` and `actual` are the diagrams, for runners that print a difference
 * @example
 * ```ts
 * new TestScheduler(marbleEqual).run(({ cold, expectObservable }) => {
 *   expectObservable(cold('-a-#', undefined, new RangeError('too much'))).toBe('-a-#', undefined, { name: 'RangeError' });
 * });
 * ```
 */
export function marbleEqual(actual: unknown, expected: unknown): void {
  if (isEqual(actual, expected)) return;
  const legend = createLegend();
  const isStream = areMessages(actual) && areMessages(expected);
  const draw = (log: unknown) =>
    isStream ? drawMarbles(log as readonly TestMessage[], legend.symbolOf) : drawSubscriptions(log);
  // an expectation that is met and what meets it have one letter
  const wanted = isStream
    ? expected.map((entry, index) => (isEqual(actual[index], entry) ? actual[index] : entry))
    : expected;
  const shown = { expected: draw(wanted), actual: draw(actual) };
  const failure = [
    // with the colon, because mocha shortens "<message>: expected"
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

function drawMarbles(messages: readonly TestMessage[], symbolOf: (value: unknown) => string) {
  let drawn = '';
  let cursor = 0;
  for (const frame of new Set(messages.map((message) => message.frame))) {
    const marbles = messages
      .filter((message) => message.frame === frame)
      .map(({ notification }) => {
        if (notification.kind === 'N') return symbolOf(notification.value);
        return notification.kind === 'C' ? '|' : '#';
      });
    const text = marbles.length > 1 ? `(${marbles.join('')})` : marbles.join('');
    const gap = frame - cursor;
    drawn += gap <= longestDash ? '-'.repeat(Math.max(gap, 0)) : ` ${gap}ms `;
    drawn += text;
    cursor = frame + text.length;
  }
  const errors = messages.flatMap(({ notification }) =>
    notification.kind === 'E' ? `   # = ${show(notification.error)}` : [],
  );
  return (drawn || '(nothing)') + errors.join('');
}

function drawSubscriptions(value: unknown): string {
  const at = (frame: number) => (frame === Infinity ? 'never' : `${frame}ms`);
  const logs = [value].flat() as Record<'subscribedFrame' | 'unsubscribedFrame', number>[];
  const drawn = logs.map((log) => `^ ${at(log.subscribedFrame)} ! ${at(log.unsubscribedFrame)}`);
  return drawn.join(', ') || '(nothing)';
}

/** Gives each value a letter: a single character keeps its own, other values get the next free one. */
function createLegend() {
  const named: { readonly symbol: string; readonly value: unknown }[] = [];
  const letters = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
  return {
    symbolOf: (value: unknown) => {
      // both ways, because an expectation may hold for values that differ
      const known = named.find(
        (entry) => isEqual(value, entry.value) && isEqual(entry.value, value),
      );
      if (known) return known.symbol;
      const own = typeof value === 'string' && /^[a-zA-Z0-9]$/.test(value) ? value : undefined;
      const symbol =
        own ?? letters.find((letter) => named.every((entry) => entry.symbol !== letter)) ?? '?';
      named.push({ symbol, value });
      return symbol;
    },
    lines: () => {
      // the legend tells the text "1" from the number 1
      const told = named.filter(({ symbol, value }) => symbol !== value || /\d/.test(symbol));
      const lines = told.map(({ symbol, value }) => `  ${symbol} = ${showWithGap(value)}`);
      const more = lines.length > mostValues ? [`  … and ${lines.length - mostValues} more`] : [];
      return [...lines.slice(0, mostValues), ...more];
    },
  };
}
