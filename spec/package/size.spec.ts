import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { build, transform } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { rollup } from 'rollup';
import { consumer } from './consumer.js';

/** The entries besides `rx-graphql-ws`, by the name that is imported. */
const entries: Partial<Record<string, string>> = {
  toGraphQLWsClient: 'rx-graphql-ws/graphql-ws',
};

/**
 * Bytes, brotlied, that a name may add to a bundle when it alone is imported. docs/decisions/0004-size.md tells what those of
 * `graphqlSocket` are spent on. A name of another entry is counted on top of `graphqlSocket`, without which it is of no use.
 */
const limits = {
  graphqlSocket: 16_100,
  isGraphQLSocketError: 200,
  exponentialBackoff: 200,
  shareConnection: 300,
  toGraphQLWsClient: 1_000,
};

type Name = keyof typeof limits;

const names = Object.keys(limits) as Name[];

const holdsSocket = (name: Name) => name === 'graphqlSocket' || entries[name] !== undefined;

const contents = (name: Name): string =>
  entries[name] === undefined
    ? `export { ${name} } from 'rx-graphql-ws'`
    : `${contents('graphqlSocket')}; export { ${name} } from '${entries[name]}'`;

/** The bundle that esbuild makes of the packed package for a browser, without rxjs, minified. */
async function bundle(name: Name): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: contents(name),
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
  const bundled = outputFiles[0]!.text;
  const { code } = await transform(holdsSocket(name) ? await mergeImports(bundled) : bundled, {
    format: 'esm',
    minify: true,
  });
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

const imports = (code: string) => [...code.matchAll(/\bfrom"([^"]+)"/g)].map(([, from]) => from);

describe('the size in a bundle', function () {
  this.timeout(60_000);
  const bundles = new Map<Name, string>();
  const compressed = (name: Name) => brotliCompressSync(bundles.get(name) ?? '').length;
  const bytes = (name: Name) =>
    compressed(name) - (entries[name] === undefined ? 0 : compressed('graphqlSocket'));

  before(async () => {
    for (const name of names) bundles.set(name, await bundle(name));
  });

  it('counts, for graphqlSocket, one import statement for each entry of rxjs', () => {
    expect(imports(bundles.get('graphqlSocket')!)).to.have.members(['rxjs', 'rxjs/webSocket']);
  });

  for (const name of names)
    it(`is at most ${limits[name]} bytes for ${name} alone`, () => {
      expect(bundles.get(name)).to.include(`as ${name}}`);
      expect(bytes(name)).to.be.at.most(limits[name]);
    });

  after(() => {
    const rows = names.map((name) => [name, { bytes: bytes(name), limit: limits[name] }]);
    console.table(Object.fromEntries(rows));
  });
});
