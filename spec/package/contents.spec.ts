import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { Consumer } from './consumer.js';
import { consumer } from './consumer.js';

const scripts = ['index', 'browser/index', 'testing/index', 'testing/server'].flatMap((entry) => [
  `dist/${entry}.js`,
  `dist/${entry}.cjs`,
]);
const declarations = ['index', 'testing/index', 'testing/server'].flatMap((entry) => [
  `dist/${entry}.d.ts`,
  `dist/${entry}.d.cts`,
]);

describe('the packed package', function () {
  this.timeout(60_000);
  let installed: Consumer;
  const read = (file: string) =>
    readFileSync(join(installed.directory, 'node_modules/rx-graphql-ws', file), 'utf8');
  const imports = (file: string) =>
    new Set(
      [...read(file).matchAll(/(?:\bfrom |\bimport\(|\brequire\(|^import )'([^']+)'/gm)].map(
        ([, specifier]) => specifier,
      ),
    );

  before(() => {
    installed = consumer();
  });

  it('holds the entries with their maps and declarations, three documents, and nothing else', () => {
    const shared = /^dist\/testing\/shared-[\w-]+\.(c?js(\.map)?|d\.c?ts)$/;
    expect(installed.packed.filter((file) => !shared.test(file))).to.deep.equal(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        ...declarations,
        ...scripts.flatMap((script) => [script, `${script}.map`]),
      ].sort(),
    );
  });

  it('has the sources in its source maps', () => {
    for (const script of scripts) {
      const map = JSON.parse(read(`${script}.map`)) as {
        sources: string[];
        sourcesContent: (string | null)[];
      };
      expect(map.sources, script).to.not.be.empty;
      expect(map.sourcesContent.every(Boolean), script).to.equal(true);
    }
  });

  it('imports rxjs and a WebSocket, in browsers rxjs alone', () => {
    for (const format of ['js', 'cjs']) {
      expect([...imports(`dist/index.${format}`)]).to.have.members([
        'rxjs',
        'rxjs/webSocket',
        'isomorphic-ws',
      ]);
      expect([...imports(`dist/browser/index.${format}`)]).to.have.members([
        'rxjs',
        'rxjs/webSocket',
      ]);
    }
  });

  it('imports in the test kit the package itself and rxjs, in the test server Node and ws too', () => {
    for (const format of ['js', 'cjs']) {
      const shared = new RegExp(`^\\./shared-[\\w-]+\\.${format}$`);
      const kit = [...imports(`dist/testing/index.${format}`)];
      const chunks = kit.filter((specifier) => shared.test(specifier ?? ''));
      for (const chunk of chunks)
        expect([...imports(join('dist/testing', chunk ?? ''))]).to.have.members(['rxjs']);
      const names = ['rx-graphql-ws', 'rxjs', 'rxjs/testing'];
      expect(kit).to.have.members([...names, ...chunks]);
      for (const specifier of imports(`dist/testing/server.${format}`)) {
        expect(specifier).to.match(
          /^(rx-graphql-ws|rxjs|ws|selfsigned|node:[\w/]+|\.\/shared-\S+)$/,
        );
      }
    }
  });

  it('declares its types by rxjs alone, those of the test server by Node too', () => {
    for (const format of ['d.ts', 'd.cts']) {
      expect([...imports(`dist/index.${format}`)]).to.have.members(['rxjs']);
      for (const specifier of imports(`dist/testing/index.${format}`)) {
        expect(specifier).to.match(/^(rx-graphql-ws|rxjs|rxjs\/testing|\.\/shared-\S+)$/);
      }
      for (const specifier of imports(`dist/testing/server.${format}`)) {
        expect(specifier).to.match(
          /^(rx-graphql-ws|rxjs|node:(http|tls|stream)|\.\/(index|shared-[\w-]+)\.c?js)$/,
        );
      }
    }
  });

  it('does not declare what is internal', () => {
    for (const file of declarations) expect(read(file)).to.not.include('@internal');
  });
});
