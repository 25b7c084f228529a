import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize, dirname } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { Consumer } from './consumer.js';
import { consumer } from './consumer.js';

const entries = [
  'index',
  'bitquery/index',
  'graphql-ws/index',
  'recovery/index',
  'testing/index',
  'testing/server',
];
const scripts = [...entries, 'browser/index'].flatMap((entry) => [
  `dist/${entry}.js`,
  `dist/${entry}.cjs`,
]);
const declarations = entries.flatMap((entry) => [`dist/${entry}.d.ts`, `dist/${entry}.d.cts`]);
/** ES modules alone, as Angular is. */
const angular = ['index', 'testing'].map((entry) => `dist/angular/${entry}`);
/** The demo: a function and a program, and the page with the code that it shows. */
const demo = ['dist/demo/run-demo.js'];
const page = ['index.html', 'naive.ts.txt', 'ours.ts.txt', 'page.css', 'page.js'].map(
  (file) => `dist/demo/page/${file}`,
);
/** The modules of the ES build for browsers; $1 is the path of the source in `lib`. */
const modules = /^dist\/browser\/(.+)\.js$/;

describe('the packed package', function () {
  this.timeout(180_000);
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

  it("holds one file for each entry, the browser's modules, declarations, documents, the program, the demo, and nothing else", () => {
    const shared = /^dist\/testing\/shared-[\w-]+\.(c?js|d\.c?ts)$/;
    const others = installed.packed.filter((file) => !shared.test(file) && !modules.test(file));
    expect(others).to.deep.equal(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'package.json',
        ...readdirSync('docs')
          .filter((file) => file.endsWith('.md'))
          .map((file) => `docs/${file}`),
        'docs/images/demo.png',
        'dist/cli/rxgql.js',
        ...angular.flatMap((entry) => [`${entry}.js`, `${entry}.d.ts`]),
        ...declarations,
        ...demo,
        ...page,
        ...scripts.filter((script) => !modules.test(script)),
      ].sort(),
    );
  });

  it('unpacks to 2.2 MB at most', () => {
    expect(installed.unpackedSize).to.be.at.most(2_200_000);
  });

  it('has documents whose links lead to what is packed', () => {
    const documents = installed.packed.filter((file) => file.endsWith('.md'));
    const broken = documents.flatMap((file) =>
      [
        ...read(file)
          .replace(/^```[\s\S]*?^```$/gm, '')
          .matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g),
      ]
        .map(([, to = '']) => normalize(join(dirname(file), to)))
        .filter((to) => !installed.packed.includes(to))
        .map((to) => `${file}: ${to}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('points nowhere to source maps, for it has none', () => {
    for (const file of installed.packed.filter((file) => /\.c?js$/.test(file)))
      expect(read(file), file).to.not.include('sourceMappingURL');
  });

  it('has one file for each module in the ES build for browsers, so that bundlers leave out what is not used', () => {
    const files = installed.packed.filter((file) => modules.test(file));
    for (const file of files) {
      const source = file.replace(modules, 'lib/$1.ts');
      expect(existsSync(source), source).to.equal(true);
      // a twin for browsers takes the place of its module
      expect(existsSync(source.replace(/\.ts$/, '.browser.ts')), source).to.equal(false);
    }
    // the entry would hold all of it, were it one file
    expect(read('dist/browser/index.js')).to.match(/^(export \{[^}]*\} from '[^']+';\s*)+$/);
  });

  it('imports rxjs and a WebSocket in Node, and no file of its own', () => {
    for (const format of ['js', 'cjs'])
      expect([...imports(`dist/index.${format}`)]).to.have.members([
        'rxjs',
        'rxjs/webSocket',
        'isomorphic-ws',
      ]);
  });

  it('imports rxjs alone in browsers', () => {
    const files = installed.packed.filter((file) => modules.test(file));
    const others = files.flatMap((file) => [...imports(file)]).filter((name) => name?.[0] !== '.');
    for (const names of [new Set(others), imports('dist/browser/index.cjs')])
      expect([...names]).to.have.members(['rxjs', 'rxjs/webSocket']);
  });

  for (const [entry, declared] of [
    ['bitquery', ['rx-graphql-ws', 'rxjs']],
    ['graphql-ws', ['rx-graphql-ws']],
    ['recovery', ['rx-graphql-ws', 'rxjs']],
  ] as const)
    it(`imports in ${entry} the package itself and rxjs, and declares its types by ${declared.join(', ')}`, () => {
      for (const format of ['js', 'cjs'])
        expect([...imports(`dist/${entry}/index.${format}`)]).to.have.members([
          'rx-graphql-ws',
          'rxjs',
        ]);
      for (const format of ['d.ts', 'd.cts'])
        expect([...imports(`dist/${entry}/index.${format}`)]).to.have.members(declared);
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

  it('imports in the program Node, rxjs and the package itself, and has the licence of what it contains', () => {
    const text = read('dist/cli/rxgql.js');
    // a text of commander looks like an import in the midst of a line
    for (const [, specifier] of text.matchAll(/^import .*from '([^']+)'/gm))
      expect(specifier).to.match(/^(rxjs|rx-graphql-ws(\/[\w/]+)?|node:[\w/]+)$/);
    expect(text).to.match(/^#!\/usr\/bin\/env node\n/);
    expect(text).to.contain('commander:').and.contain('graphql:').and.contain('MIT License');
  });

  it('declares its types by rxjs alone, those of the test server by Node too', () => {
    for (const format of ['d.ts', 'd.cts']) {
      expect([...imports(`dist/index.${format}`)]).to.have.members(['rxjs']);
      for (const specifier of imports(`dist/testing/index.${format}`)) {
        expect(specifier).to.match(
          /^(rx-graphql-ws(\/recovery)?|rxjs|rxjs\/testing|\.\/shared-\S+)$/,
        );
      }
      for (const specifier of imports(`dist/testing/server.${format}`)) {
        expect(specifier).to.match(
          /^(rx-graphql-ws|rxjs|node:(http|tls|stream)|\.\/(index|shared-[\w-]+)\.c?js)$/,
        );
      }
    }
  });

  it('imports Angular in its entry alone, by the core of Angular', () => {
    const core = ['rx-graphql-ws', 'rx-graphql-ws/recovery', 'rxjs', '@angular/core'];
    const kit = ['rx-graphql-ws/angular', 'rx-graphql-ws/testing', '@angular/core'];
    expect([...imports('dist/angular/index.js')]).to.have.members(core);
    expect([...imports('dist/angular/testing.js')]).to.have.members(kit);
    for (const entry of angular)
      for (const specifier of imports(`${entry}.d.ts`))
        expect([...core, ...kit]).to.include(specifier);
    for (const file of installed.packed.filter((file) => /\.(c?js|d\.c?ts)$/.test(file)))
      if (!file.startsWith('dist/angular/'))
        expect([...imports(file)].join(), file).to.not.include('angular');
  });

  it('does not declare what is internal', () => {
    for (const file of [...declarations, ...angular.map((entry) => `${entry}.d.ts`)])
      expect(read(file)).to.not.include('@internal');
  });
});
