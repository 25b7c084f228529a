import type { Command } from 'commander';
import { parseCount, parseDuration } from './duration.js';
import { UsageError } from './usage-error.js';

/** The options of the commands that serve, as texts. */
export interface ServerOptions {
  readonly port: string;
  readonly host: string;
  readonly debug?: boolean | undefined;
}

/** The options of `serve`, as texts. */
export interface FeedServerOptions extends ServerOptions {
  readonly every: string;
  readonly seed: string;
}

/** The options of `replay`, as texts. */
export interface ReplayOptions extends ServerOptions {
  readonly speed: string;
  readonly loop?: boolean | undefined;
}

/** Declares the options of `serve`. */
export function addFeedServerOptions(command: Command): Command {
  return addServerOptions(
    command
      .option('--every <time>', 'the time between two trades', '400ms')
      .option('--seed <n>', 'the seed of the trades', '1'),
  );
}

/** Declares the options of `replay`. */
export function addReplayOptions(command: Command): Command {
  return addServerOptions(
    command
      .argument('<file>', 'the recording')
      .option('--speed <factor>', 'play so many times as fast', '1')
      .option('--loop', 'begin anew after the last recorded connection'),
  );
}

function addServerOptions(command: Command): Command {
  return command
    .option('--port <n>', 'the port to listen on; 0 is any free one', '0')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--debug', 'show stack traces on standard error');
}

export function listenOn({ port: text, host }: ServerOptions) {
  const port = parseCount('--port', text, 0);
  if (port > 65_535) throw new UsageError('--port wants a number up to 65535');
  return { port, host };
}

export function readFeedOptions({ every, seed }: FeedServerOptions) {
  return { every: parseDuration('--every', every), seed: parseCount('--seed', seed, 0) };
}

/** A factor, as a number greater than 0. */
export function readSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw new UsageError('--speed wants a number greater than 0, such as 10');
}
