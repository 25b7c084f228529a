// The layers: the modules that may import each other. spec/package/layers.spec.ts proves that every rule can fail.
const leaves = '^lib/(rx/.*|errors|types|validate)\\.ts$';
const satellites = '^lib/(testing|recovery|angular|graphql-ws|bitquery|cli|demo)(/|\\.ts$)';
const entries =
  '^lib/(index|angular/index|bitquery/index|recovery/index|testing/index|testing/server)\\.ts$';
const packageNamed = (name) => `(^|/)node_modules/(@types/)?(${name})/`;

/** A layer reaches itself, the layers named, and the leaves; nothing else of lib. */
const layer = (name, ...below) => ({
  name: `layer-${name}`,
  comment: `lib/${name} may import ${['the leaves', ...below].join(', ')}`,
  severity: 'error',
  from: { path: `^lib/${name}/` },
  to: {
    path: '^lib/',
    pathNot: [leaves, ...[name, ...below].map((other) => `^lib/${other}(/|$)`)],
  },
});

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    layer('protocol'),
    layer('transport', 'protocol'),
    layer('connection', 'transport', 'protocol'),
    layer('operation', 'connection', 'protocol'),
    layer('concat-map-bounded', 'connection', 'graphql-socket-api.ts'),
    forbid(
      'leaves',
      'rx, errors, types and validate know nothing of the rest of lib',
      { path: leaves },
      { path: '^lib/', pathNot: leaves },
    ),
    forbid(
      'protocol-is-pure',
      'no packages, no Node, no rxjs: a codec is text in, message out',
      { path: '^lib/protocol/' },
      { pathNot: '^lib/' },
    ),
    forbid(
      'config-for-graphql-socket',
      'each stage declares its own options; only the socket objects see their union',
      {
        path: '^lib/',
        pathNot: '^lib/(graphql-socket|graphql-socket-api|dedicated|check-options|index)\\.ts$',
      },
      { path: '^lib/config\\.ts$' },
    ),
    forbid(
      'core-without-satellites',
      'what is built on the public entries must not be reached from within',
      { path: '^lib/', pathNot: satellites },
      { path: satellites },
    ),
    forbid(
      'satellites-by-entry',
      'testing, recovery, angular, presets, cli and demo use the public entries only',
      { path: satellites },
      { path: '^lib/', pathNot: ['^lib/$1/', entries, '^lib/demo/run-demo\\.ts$'] },
    ),
    forbid(
      'entries-by-name',
      'a relative import of an entry would be bundled as a second copy of the core',
      { path: satellites },
      { path: entries, dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    ),
    forbid(
      'one-door-to-ws',
      'the browser build replaces exactly one module',
      {
        path: '^lib/',
        pathNot: '^lib/(transport/default-web-socket\\.ts$|testing/server|demo/naive\\.ts$)',
      },
      { path: packageNamed('ws|isomorphic-ws') },
    ),
    forbid(
      'no-graphql',
      'documents are structural: nobody needs graphql installed; the build puts its parser into the program',
      { path: '^lib/', pathNot: '^lib/cli/' },
      { path: packageNamed('graphql|@graphql-typed-document-node/core') },
    ),
    forbid(
      'no-node-in-the-core',
      'the core runs in browsers',
      { path: '^lib/', pathNot: '^lib/(cli/|demo/|testing/server)' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'declared-packages-only',
      'what is published needs no devDependency; the program has copies of two packages in it',
      { path: '^lib/' },
      {
        pathNot: packageNamed('commander|graphql'),
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    ),
    forbid(
      'commander-in-the-program',
      'the build puts it into the program, and nowhere else',
      { path: '^lib/', pathNot: '^lib/cli/' },
      { path: packageNamed('commander') },
    ),
    forbid('resolvable', 'a path that leads nowhere', {}, { couldNotResolve: true }),
    forbid('no-cycles', 'one direction of imports', { path: '^lib/' }, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
