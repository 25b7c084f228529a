import type { Figure } from '../outcome.js';
import type { Target } from '../workload.js';

/** Three significant digits; thousands are whole. */
export function short(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) {
    const whole = Math.round(value).toString();
    return whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  }
  return Number(value.toPrecision(3)).toString();
}

export function shortTarget(target: Target | undefined): string {
  if (!target) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

/** The median, and the interval where there is one. */
export function shortInterval({ median, low, high, unit }: Figure): string {
  const interval = low === high ? '' : ` (${short(low)} – ${short(high)})`;
  return `${short(median)}${interval}${unit === '' || unit === '×' ? '' : ` ${unit}`}`;
}

export function shortVerdict({ verdict, why }: Figure): string {
  return [verdict, why].filter((one) => one !== undefined).join(': ');
}

/** What is measured of a client, by its name in a sample, with its unit. Further names are counts, which tests look at. */
export const measured: Readonly<Record<string, string>> = {
  rate: 'results/s',
  cpu: 'processor, µs',
  busy: 'busy',
  ms: 'ms',
  warm: 'ms',
  cold: 'first in its process, ms',
  p50: 'median',
  p99: 'p99',
  longest: 'longest, ms',
  heap: 'bytes',
  resident: 'resident set, MiB',
  growth: 'growth, MiB',
  growthOfAll: 'from the first result on, MiB',
  slope: 'resident set, MiB/s',
  perSecond: 'processor in a second, µs',
  lost: 'lost',
};
