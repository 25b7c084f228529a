import { checkAll, type Check } from './check.js';
import { contentChecks, statusFrom } from './check-refusal.js';
import { mustReturn } from './must-return.js';
import { isObject } from './wire-message.js';

const isSimple = (value: unknown) => value === undefined || typeof value === 'boolean';

const upgradeVerdict = mustReturn(
  'nothing, a boolean or `{ status, headers, body }`',
  (value) => isSimple(value) || isObject(value),
);

// 101 would be no refusal, and after 100 a client waits for more.
const status = statusFrom(200);
const members = { status, ...contentChecks };

/** Checks what `authorize` has returned, or resolved with. */
export const checkUpgradeVerdict: Check = (option, verdict) => {
  upgradeVerdict(option, verdict);
  if (!isObject(verdict)) return;
  const prefix = `${option}().`;
  checkAll(option, verdict, members, prefix, 'member');
  status(`${prefix}status`, verdict.status);
};

/** Checks what `connect` has returned, or resolved with. */
export const checkConnectVerdict = mustReturn(
  'nothing, a boolean, `{ ack }` or `{ reject, code, reason }`',
  (value) => isSimple(value) || (isObject(value) && ('ack' in value || 'reject' in value)),
);
