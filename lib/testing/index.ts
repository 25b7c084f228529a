/**
 * Test doubles for code that uses `rx-graphql-ws`, without Node's modules: for mocha, Jest, Vitest, Karma, in a browser too.
 *
 * @packageDocumentation
 */
