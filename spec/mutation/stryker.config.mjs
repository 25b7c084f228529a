/** The model of `recover` runs for each mutant that no other test kills. */
Object.assign(process.env, { RECOVERY_SEED: '20261130', RECOVERY_RUNS: '200' });

const folder = '.cache/mutation';
const recovery = ['options', 'variables', 'marked', 'filled', 'watch', 'scan-snapshot', 'model'];

/** The configuration for some sources and the specs in virtual time that concern them; those that kill most come first. */
export const mutating = (name, mutate, spec, ignore) => ({
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunner: 'mocha',
  coverageAnalysis: 'perTest',
  mutate,
  mochaOptions: {
    'no-config': true,
    extension: ['ts'],
    // tsx begins here and not by `--import`, because it must read the tsconfig.json of the copy, which names the mutated entries
    require: ['tsx', './spec/helpers/fail-on-rejection.ts', './spec/mutation/fixed-seed.mjs'],
    spec,
    ignore,
  },
  // tsx checks no types
  disableTypeChecks: false,
  ignorePatterns: ['.angular', '.cache', 'coverage', 'dist', 'docs'],
  tempDirName: `${folder}/sandbox`,
  incremental: true,
  incrementalFile: `${folder}/${name}.json`,
  reporters: ['clear-text', 'html'],
  htmlReporter: { fileName: `${folder}/${name}.html` },
  clearTextReporter: { logTests: false, reportTests: false, allowEmojis: false },
  concurrency: 2,
  // the machine may have other work
  timeoutMS: 30_000,
});

export default {
  ...mutating(
    'gated',
    ['lib/{protocol,recovery}/**/*.ts'],
    [
      'spec/protocol/*.spec.ts',
      'spec/operation/results.spec.ts',
      'spec/graphql-socket/negotiation.spec.ts',
      'spec/graphql-socket/failing-send.spec.ts',
      ...recovery.map((name) => `spec/recovery/${name}.spec.ts`),
    ],
    // its limits are in real time
    ['spec/protocol/linear-time.spec.ts'],
  ),
  thresholds: { high: 90, low: 80, break: 80 },
};
