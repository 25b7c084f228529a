import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { build, transform } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { rollup } from 'rollup';
import { consumer } from './consumer.js';

/**
 * Bytes, brotlied, that a name may add to a bundle when it alone is imported. docs/decisions/0004-size.md tells what those of
 * `graphqlSocket` are spent on.
 */
const limits = {
  graphqlSocket: 16_100,
  isGraphQLSocketError: 200,
  exponentialBackoff: 200,
  shareConnection: 300,
};

type Name = keyof typeof limits;

const names = Object.keys(limits) as Name[];

/** Bytes, brotlied, that names of the entry for recovery may add to a bundle that has `graphqlSocket` already. */
const onTop = {
  'recover, isGap': 1_600,
  scanSnapshot: 300,
  watch: 400,
};
const core = `export { graphqlSocket } from 'rx-graphql-ws';`;

/** The bundle that esbuild makes of the packed package for a browser, without rxjs, minified. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: consumer().directory },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: ['rxjs', 'rxjs/*'],
    // as an application is built: constants are inlined only together with bundling
    minifySyntax: true,
    write: false,
    logLevel: 'error',
  });
  const bundled = outputFiles[0]!.text;
  const { code } = await transform(
    contents.startsWith(core) ? await mergeImports(bundled) : bundled,
    { format: 'esm', minify: true },
  );
  return code;
}

/**
 * Dozens of modules import rxjs, each for itself. These statements are gone in an application, because it bundles rxjs too. One for each
 * entry of rxjs is left here, with the names in use.
 */
async function mergeImports(code: string): Promise<string> {
  const plugin = {
    name: 'in-memory',
    resolveId: (id: string) => (id === 'code' ? id : { id, external: true }),
    load: () => code,
  };
  const { generate } = await rollup({
    input: 'code',
    treeshake: false,
    logLevel: 'silent',
    plugins: [plugin],
  });
  const { output } = await generate({ format: 'es' });
  return output[0].code;
}

/**
 * Bytes that one bundle has more than another. Where brotli ends its blocks depends on every byte before, and is worth up to 80 bytes: the mean over
 * twenty alignments tells what the code is worth.
 */
function difference(one: string, other: string): number {
  const alignments = Array.from({ length: 20 }, (_, index) => `/*${'-'.repeat(7 * index)}*/`);
  const sum = alignments
    .map((pad) => brotliCompressSync(pad + one).length - brotliCompressSync(pad + other).length)
    .reduce((total, bytes) => total + bytes);
  return Math.round(sum / alignments.length);
}

const imports = (code: string) => [...code.matchAll(/\bfrom"([^"]+)"/g)].map(([, from]) => from);

describe('the size in a bundle', function () {
  this.timeout(60_000);
  const bundles = new Map<Name, string>();
  const bytes = (name: Name) => brotliCompressSync(bundles.get(name) ?? '').length;
  const added = new Map<string, number>();

  before(async () => {
    for (const name of names)
      bundles.set(name, await bundle(`export { ${name} } from 'rx-graphql-ws';`));
    for (const name of Object.keys(onTop)) {
      const both = await bundle(`${core} export { ${name} } from 'rx-graphql-ws/recovery';`);
      added.set(name, difference(both, bundles.get('graphqlSocket')!));
    }
  });

  it('counts, for graphqlSocket, one import statement for each entry of rxjs', () => {
    expect(imports(bundles.get('graphqlSocket')!)).to.have.members(['rxjs', 'rxjs/webSocket']);
  });

  for (const name of names)
    it(`is at most ${limits[name]} bytes for ${name} alone`, () => {
      expect(bundles.get(name)).to.include(`as ${name}}`);
      expect(bytes(name)).to.be.at.most(limits[name]);
    });

  for (const [name, limit] of Object.entries(onTop))
    it(`is at most ${limit} bytes more for ${name}`, () => {
      expect(added.get(name)).to.be.within(50, limit);
    });

  after(() => {
    const rows = names.map((name) => [name, { bytes: bytes(name), limit: limits[name] }]);
    const more = Object.entries(onTop).map(([name, limit]) => [
      `+ ${name}`,
      { bytes: added.get(name), limit },
    ]);
    console.table(Object.fromEntries([...rows, ...more]));
  });
});
