import { ConnectionError } from '../errors.js';
import type { Upgrade } from './upgrade.js';

/** A browser tells nothing of the upgrade, and not why it failed. */
export function observeUpgrade(): Upgrade {
  return { failure: (where) => new ConnectionError(`could not connect to ${where}`) };
}
