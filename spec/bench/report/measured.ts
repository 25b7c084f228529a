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
  growth: 'growth, MiB',
  growthOfAll: 'from the first result on, MiB',
  slope: 'resident set, MiB/s',
  perSecond: 'processor in a second, µs',
  lost: 'lost',
};
