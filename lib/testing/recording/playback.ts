import { show } from '../show.js';

/** Options of every replay. */
export interface PlaybackOptions {
  /**
   * How many times faster than it was recorded. `Infinity` leaves the pauses out.
   *
   * @defaultValue 1
   */
  readonly speed?: number | undefined;
  /**
   * Whether it begins anew after its end.
   *
   * @defaultValue false
   */
  readonly loop?: boolean | undefined;
}

/** The options after their defaults. */
export interface Playback {
  readonly speed: number;
  readonly loop: boolean;
}

/**
 * Checks the options of a replay.
 *
 * @throws TypeError - one is wrong
 */
export function readPlayback({ speed = 1, loop = false }: PlaybackOptions): Playback {
  if (!(typeof speed === 'number' && speed > 0))
    throw new TypeError(`expected \`speed\` to be a number > 0, got ${show(speed)}`);
  if (typeof loop !== 'boolean')
    throw new TypeError(`expected \`loop\` to be a boolean, got ${show(loop)}`);
  return { speed, loop };
}
