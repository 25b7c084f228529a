import type { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from './connection-options.js';
import { parseCount, parseDuration } from './duration.js';
import { UsageError } from './usage-error.js';

/** The options of `ping`, as texts. */
export interface PingOptions extends ConnectionOptions {
  readonly count: string;
  readonly interval: string;
  readonly for?: string | undefined;
  readonly format: string;
}

/** Declares the options of `ping`. */
export function addPingOptions(command: Command): Command {
  return addConnectionOptions(
    command
      .argument('<url>', 'ws:// or wss://; {token} stands for the token')
      .option('--count <n>', 'the number of pings', '5')
      .option('--interval <time>', 'the time between two pings', '500ms')
      .option('--for <time>', 'listen for so long at least, to hear heartbeats')
      .option('--format <format>', 'json, or pretty for people', 'json'),
  );
}

/** The work of one run. Times are ms. */
export interface PingPlan {
  readonly count: number;
  readonly interval: number;
  /** The time to listen for at least. */
  readonly least: number;
  readonly isPretty: boolean;
}

/** @throws UsageError - an option is wrong */
export function planPing(options: PingOptions): PingPlan {
  const { format, count, interval, for: least } = options;
  if (!['json', 'pretty'].includes(format)) throw new UsageError('--format is json or pretty');
  return {
    count: parseCount('--count', count, 1),
    interval: parseDuration('--interval', interval),
    least: least === undefined ? 0 : parseDuration('--for', least),
    isPretty: format === 'pretty',
  };
}
