import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { consumer, type Compiler } from '../consumer.js';
import { nodeTypes, resolutions, typedFiles } from '../typed-files.js';

const old = { module: 'CommonJS', moduleResolution: 'node10', target: 'ES2022' };

/** The lanes of spec/matrix have the other compilers and resolutions, declarations.spec.ts has `exactOptionalPropertyTypes` on and off. */
const rows: readonly (readonly [title: string, Compiler, options: object, files: string[]])[] = [
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
