import type { Upgrade } from './upgrade.js';

/** A browser tells nothing of the upgrade. */
export function observeUpgrade(): Upgrade {
  return {};
}
