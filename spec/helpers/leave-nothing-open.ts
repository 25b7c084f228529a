/** A socket or timer left open would keep mocha running for ever. The run fails instead, and says over what. */
export const mochaHooks = {
  afterAll() {
    setTimeout(() => {
      console.error(`mocha cannot end: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit(1);
    }, 5_000).unref();
  },
};
