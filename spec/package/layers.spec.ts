import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';

interface Violation {
  readonly from: string;
  readonly cycle?: readonly { readonly name: string }[];
  readonly rule: { readonly name: string };
}

const config = resolve('.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as {
  forbidden: readonly { readonly name: string }[];
};

const bystanders = [
  'index',
  'errors',
  'types',
  'validate',
  'config',
  'graphql-socket',
  'transport/a',
  'transport/default-web-socket',
  'protocol/a',
  'connection/a',
  'operation/a',
  'rx/a',
  'recovery/a',
  'angular/index',
  'testing/a',
  'testing/server',
  'cli/a',
  'demo/run-demo',
];

/** [the rule, a file that breaks it, what that file says] */
const broken: readonly [string, string, string][] = [
  ['layer-transport', 'transport/up', `import '../connection/a.js'`],
  ['layer-transport', 'transport/up-type', `import type { A } from '../operation/a.js'`],
  ['layer-protocol', 'protocol/aside', `import '../transport/a.js'`],
  ['layer-protocol', 'protocol/up', `import '../operation/a.js'`],
  ['layer-connection', 'connection/up', `import '../operation/a.js'`],
  ['layer-connection', 'connection/top', `import '../graphql-socket.js'`],
  ['layer-operation', 'operation/up', `import '../recovery/a.js'`],
  ['layer-operation', 'operation/skip', `import '../transport/a.js'`],
  ['layer-concat-map-bounded', 'concat-map-bounded/aside', `import '../operation/a.js'`],
  ['leaves', 'errors', `import './protocol/a.js'`],
  ['leaves', 'types', `import type { A } from './connection/a.js'`],
  ['leaves', 'rx/up', `import '../transport/a.js'`],
  ['protocol-is-pure', 'protocol/with-rxjs', `import { map } from 'rxjs'`],
  ['protocol-is-pure', 'protocol/with-rxjs-type', `import type { Observable } from 'rxjs'`],
  ['config-for-graphql-socket', 'connection/with-config', `import '../config.js'`],
  ['core-without-satellites', 'operation/with-server', `import '../testing/server.js'`],
  ['core-without-satellites', 'graphql-socket', `import './cli/a.js'`],
  ['satellites-by-entry', 'testing/inside', `import '../errors.js'`],
  ['satellites-by-entry', 'cli/inside', `import '../testing/a.js'`],
  ['satellites-by-entry', 'demo/inside', `import '../testing/a.js'`],
  ['satellites-by-entry', 'recovery/inside', `import '../operation/a.js'`],
  ['satellites-by-entry', 'bitquery/inside', `import '../validate.js'`],
  ['entries-by-name', 'cli/relative', `import '../index.js'`],
  ['entries-by-name', 'cli/relative-server', `import '../testing/server.js'`],
  ['entries-by-name', 'angular/relative', `import './index.js'`],
  ['one-door-to-ws', 'transport/with-ws', `import 'ws'`],
  ['one-door-to-ws', 'connection/with-ws-type', `import type { WebSocket } from 'ws'`],
  ['one-door-to-ws', 'transport/with-isomorphic-ws', `import 'isomorphic-ws'`],
  ['one-door-to-ws', 'demo/with-ws', `import 'ws'`],
  ['no-graphql', 'operation/with-graphql', `import type { DocumentNode } from 'graphql'`],
  ['no-node-in-the-core', 'transport/with-node', `import 'node:http'`],
  ['declared-packages-only', 'operation/with-dev', `import 'sinon'`],
  ['commander-in-the-program', 'testing/with-commander', `import 'commander'`],
  ['resolvable', 'operation/lost', `import './nowhere.js'`],
  ['no-cycles', 'operation/head', `import './tail.js'`],
  ['no-cycles', 'operation/tail', `import type { A } from './head.js'`],
];

const allowed: readonly [string, string][] = [
  ['graphql-socket-api', `import './config.js'`],
  ['graphql-socket', `import './config.js'; import './operation/a.js'; import './transport/a.js'`],
  ['connection/down', `import '../transport/a.js'; import '../protocol/a.js'; import 'rxjs'`],
  ['transport/default-web-socket', `import 'isomorphic-ws'; import '../errors.js'`],
  ['transport/down', `import '../protocol/a.js'; import '../rx/a.js'`],
  ['concat-map-bounded/down', `import '../connection/a.js'; import '../graphql-socket-api.js'`],
  ['testing/server', `import 'ws'; import 'node:http'; import 'rx-graphql-ws'`],
  ['angular/public', `import 'rx-graphql-ws/angular'; import '@angular/core'`],
  ['demo/naive', `import 'isomorphic-ws'`],
  ['cli/program', `import 'commander'; import 'graphql'`],
  [
    'cli/public',
    `import '../demo/run-demo.js'; import 'rx-graphql-ws'; import 'rx-graphql-ws/testing/server'`,
  ],
];

const home = resolve('.cache/layers');

function write(file: string, text: string): void {
  const path = `${home}/lib/${file}.ts`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text};\nexport type A = 1;\n`);
}

/** The rules broken by each file of a house that has `files` in it. */
function cruise(files: readonly (readonly [string, string])[]): Map<string, string[]> {
  rmSync(home, { recursive: true, force: true });
  bystanders.forEach((file) => write(file, ''));
  files.forEach(([file, text]) => write(file, text));
  ['package.json', 'tsconfig.json'].forEach((file) => cpSync(file, `${home}/${file}`));
  const cli = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const report = JSON.parse(
    execFileSync(process.execPath, [cli, 'lib', '--config', config, '-T', 'json'], {
      cwd: home,
      encoding: 'utf8',
    }),
  ) as { summary: { violations: Violation[] } };
  const found = new Map<string, string[]>();
  for (const { from, cycle, rule } of report.summary.violations) {
    for (const file of cycle?.map(({ name }) => name) ?? [from]) {
      found.set(file, [...(found.get(file) ?? []), rule.name]);
    }
  }
  return found;
}

describe('the layer rules', function () {
  this.timeout(20_000);
  let found: Map<string, string[]>;

  before(() => {
    found = cruise(broken.map(([, file, text]) => [file, text]));
  });

  for (const [rule, file, text] of broken) {
    it(`${rule} refuses ${text} in ${file}.ts`, () => {
      expect(found.get(`lib/${file}.ts`)).to.include(rule);
    });
  }

  it('all have an offender above', () => {
    expect(new Set(broken.map(([rule]) => rule))).to.deep.equal(
      new Set(forbidden.map(({ name }) => name)),
    );
  });

  it('accept what the architecture allows', () => {
    expect([...cruise(allowed)]).to.deep.equal([]);
  });
});
