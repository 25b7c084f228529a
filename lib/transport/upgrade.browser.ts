import { ConnectionError } from '../errors.js';
import { mixedContent } from './address.js';
import type { Upgrade } from './upgrade.js';

export { identity as plainCause } from 'rxjs';

/** A browser tells nothing of the upgrade, and not why it failed. */
export function observeUpgrade(): Upgrade {
  return {
    failure: (where) => new ConnectionError(`could not connect to ${where}${mixedContent(where)}`),
  };
}
