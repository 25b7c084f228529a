/**
 * Bitquery's subscriptions: a configuration for `graphqlSocket`, a backfill for `recover`, and its errors told apart.
 * @packageDocumentation
 */
export type { BitqueryAccess } from './access.js';
export { explainBitqueryError } from './explain.js';
export type { BitqueryExplanation } from './explain.js';
export type { BitqueryErrorKind } from './kinds.js';
export { bitquery } from './preset.js';
export type { BitqueryOptions } from './preset.js';
export { backfillByBlock } from './backfill-by-block.js';
export type { BackfillByBlockOptions, BlockRange } from './backfill-options.js';
export type { Fetch } from './post.js';
