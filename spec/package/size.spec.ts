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
  graphqlSocket: 18_820,
  isGraphQLSocketError: 200,
  exponentialBackoff: 200,
  shareConnection: 300,
};

/** The same for names of further entries: what they add to a bundle that has `graphqlSocket`. */
const onTop = {
  bitquery: ['rx-graphql-ws/bitquery', 1_110],
  explainBitqueryError: ['rx-graphql-ws/bitquery', 880],
  backfillByBlock: ['rx-graphql-ws/bitquery', 2_180],
  toGraphQLWsClient: ['rx-graphql-ws/graphql-ws', 1_000],
  dedicated: ['rx-graphql-ws', 300],
  recover: ['rx-graphql-ws/recovery', 1_760],
  scanSnapshot: ['rx-graphql-ws/recovery', 300],
  watch: ['rx-graphql-ws/recovery', 400],
} as const;

type Name = keyof typeof limits;

const names = Object.keys(limits) as Name[];

const rxjsMerged = async (contents: string) => minify(await mergeImports(await bundled(contents)));

async function bundle(name: Name): Promise<string> {
  const contents = `export { ${name} } from 'rx-graphql-ws'`;
  return name === 'graphqlSocket' ? rxjsMerged(contents) : minify(await bundled(contents));
}

async function minify(code: string): Promise<string> {
  return (await transform(code, { format: 'esm', minify: true })).code;
}

/** The bundle that esbuild makes of the packed package for a browser, without rxjs. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents,
      resolveDir: consumer().directory,
    },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: ['rxjs', 'rxjs/*'],
    // as an application is built: constants are inlined only together with bundling
    minifySyntax: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
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
 * The names that the minifier gives move a bundle by some 50 bytes, more than some names add. Therefore what is added is the difference of
 * means over several choices of names: each further variable shifts them all.
 */
async function meanBytes(code: string): Promise<number> {
  const sizes = Array.from({ length: 8 }, async (_, count) => {
    const names = Array.from({ length: count }, (_each, index) => `unrelated${index}`);
    const variables = names.map((name) => `let ${name}=globalThis.${name};`).join('');
    return brotliCompressSync(await minify(`${code}${variables}export{${names.join()}}`)).length;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size) / sizes.length;
}

const imports = (code: string) => [...code.matchAll(/\bfrom"([^"]+)"/g)].map(([, from]) => from);

describe('the size in a bundle', function () {
  this.timeout(300_000);
  const bundles = new Map<string, string>();
  const bytes = (name: string) => brotliCompressSync(bundles.get(name) ?? '').length;
  const means = new Map<string, number>();
  const added = (name: string) => Math.round(means.get(name)! - means.get('graphqlSocket')!);

  before(async () => {
    for (const name of names) bundles.set(name, await bundle(name));
    for (const [name, [entry]] of Object.entries(onTop)) {
      const core = `export { graphqlSocket } from 'rx-graphql-ws';`;
      bundles.set(name, await rxjsMerged(`${core} export { ${name} } from '${entry}'`));
    }
    for (const name of ['graphqlSocket', ...Object.keys(onTop)])
      means.set(name, await meanBytes(bundles.get(name)!));
  });

  it('counts, for graphqlSocket, one import statement for each entry of rxjs', () => {
    expect(imports(bundles.get('graphqlSocket')!)).to.have.members(['rxjs', 'rxjs/webSocket']);
  });

  for (const name of names)
    it(`is at most ${limits[name]} bytes for ${name} alone`, () => {
      expect(bundles.get(name)).to.include(`as ${name}}`);
      expect(bytes(name)).to.be.at.most(limits[name]);
    });

  for (const [name, [entry, limit]] of Object.entries(onTop))
    it(`is at most ${limit} bytes for ${name} of ${entry}, on top of graphqlSocket`, () => {
      expect(bundles.get(name)).to.match(new RegExp(`as ${name}\\b`));
      expect(added(name)).to.be.within(100, limit);
    });

  after(() => {
    const rows = [
      ...names.map((name) => [name, { bytes: bytes(name), limit: limits[name] }] as const),
      ...Object.entries(onTop).map(
        ([name, [, limit]]) => [name, { bytes: added(name), limit }] as const,
      ),
    ];
    console.table(Object.fromEntries(rows));
  });
});
