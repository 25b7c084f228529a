/** mocha lets an unhandled rejection pass; thrown, it fails the test that it belongs to. */
process.on('unhandledRejection', (reason) => {
  throw reason;
});
