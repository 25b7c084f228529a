/**
 * Subscriptions that lose no row silently: missed rows are recovered, or a gap stands for them.
 *
 * @packageDocumentation
 */
export type { Gap } from './gap.js';
export { isGap } from './gap.js';
export type { Missing } from './missing.js';
export type { RecoverOptions } from './options.js';
export { recover } from './recover.js';
export { scanSnapshot } from './scan-snapshot.js';
export type { Watched } from './watch.js';
export { watch } from './watch.js';
