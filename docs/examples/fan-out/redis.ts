/** The method that is needed of the client library `redis`. */
export interface Redis {
  sendCommand(command: readonly string[]): Promise<unknown>;
}

export const stream = 'events';
export const group = 'workers';

/** Runs a script: all of it, or nothing, and no other command in between. */
export const run = (
  redis: Redis,
  script: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> => redis.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args]);
