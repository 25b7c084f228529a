import { mutating } from './stryker.config.mjs';

/** Reported and not gated: many tests of this layer go through the whole socket object. */
export default mutating(
  'connection',
  ['lib/connection/**/*.ts'],
  ['spec/connection/*.spec.ts', 'spec/graphql-socket/*.spec.ts'],
);
