import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { build, copyExample, withOptions } from './workspace.js';

/**
 * Bytes, brotlied, by which the scripts of a production build grow for the component of `sized/<name>.ts`. The application before it has
 * the router, as `ng new` makes it. graphql-ws is there to compare with.
 */
const limits = { ours: 22_500, signals: 23_900, 'graphql-ws': 4_000 };

const names = ['none', ...Object.keys(limits)];

describe('the size in a production build of the Angular CLI', function () {
  this.timeout(180_000);
  const sizes = new Map<string, number>();

  before(async () => {
    const directory = copyExample('size', {
      'angular.json': (text) =>
        withOptions(text, { server: undefined, ssr: undefined, outputMode: 'static' }),
      // without the files of the example
      'tsconfig.app.json': () =>
        JSON.stringify({ extends: './tsconfig.json', include: ['src/sized/*.ts'] }),
    });
    cpSync('spec/angular-app/sized', join(directory, 'src/sized'), { recursive: true });
    await Promise.all(
      names.map(async (name) => {
        await build(directory, `--browser=src/sized/${name}.ts`, `--output-path=dist/${name}`);
        sizes.set(name, weigh(join(directory, 'dist', name, 'browser')));
      }),
    );
  });

  const growth = (name: string) => sizes.get(name)! - sizes.get('none')!;

  for (const [name, limit] of Object.entries(limits))
    it(`grows by at most ${limit} bytes with ${name}`, () => {
      expect(growth(name)).to.be.within(1, limit);
    });

  after(() => {
    console.table(Object.fromEntries(names.map((name) => [name, growth(name)])));
  });
});

/** Bytes of all scripts in a folder, each brotlied. */
function weigh(folder: string): number {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .map((file) => brotliCompressSync(readFileSync(join(folder, file))).length)
    .reduce((one, other) => one + other, 0);
}
