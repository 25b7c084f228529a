import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compilers, consumer, type Compiler } from '../consumer.js';
import {
  bare,
  neutralFiles,
  nodeTypes,
  resolutions,
  serverFiles,
  typedFiles,
} from '../typed-files.js';

const old = { module: 'CommonJS', moduleResolution: 'node10', target: 'ES2022' };

/** declarations.spec.ts has each compiler with NodeNext and `exactOptionalPropertyTypes` on and off. */
const rows: readonly (readonly [title: string, Compiler, options: object, files: string[]])[] = [
  ...compilers.flatMap((compiler): (typeof rows)[number][] => [
    [
      `${compiler}, NodeNext, exactOptionalPropertyTypes on: no DOM, no Node, no graphql needed`,
      compiler,
      { ...resolutions.NodeNext, ...bare, exactOptionalPropertyTypes: true },
      neutralFiles,
    ],
    [
      `${compiler}, Bundler, exactOptionalPropertyTypes off: no DOM, no Node, no graphql needed`,
      compiler,
      { ...resolutions.Bundler, ...bare },
      neutralFiles,
    ],
    [
      `${compiler}: the test server with Node's types, without those of ws`,
      compiler,
      { ...resolutions.NodeNext, ...nodeTypes, exactOptionalPropertyTypes: true },
      serverFiles,
    ],
  ]),
  [
    'module: commonjs with the resolution of old finds all of it, the test kit too',
    'typescript-5.4',
    { ...old, ...nodeTypes },
    ['bitquery.ts', 'node10.ts', 'node10-recovery.ts'],
  ],
  [
    'beside the declarations of browsers and of ES next',
    'typescript',
    { ...resolutions.Bundler, lib: ['ESNext', 'DOM', 'DOM.Iterable'], types: [] },
    ['program.mts'],
  ],
];

describe('in TypeScript', function () {
  this.timeout(120_000);
  let diagnostics: Promise<string>[];

  before(() => {
    const installed = consumer();
    installed.write(typedFiles);
    diagnostics = rows.map(([, ...compilation]) => installed.compile(...compilation));
  });

  rows.forEach(([title], index) => {
    it(title, async () => {
      expect(await diagnostics[index]).to.equal('');
    });
  });
});
