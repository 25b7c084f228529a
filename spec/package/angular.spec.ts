import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { build } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { consumer } from './consumer.js';

const entry = 'rx-graphql-ws/angular';

/** Bytes, brotlied, that names of the entry may add to a bundle that has `graphqlSocket`. */
const limits = {
  'provideGraphQLSocket, injectGraphQLSocket': 700,
  'provideGraphQLSocket, injectSubscription': 1_600,
};

/** The bundle that the Angular CLI would make for production, without rxjs and Angular. */
async function bundle(names = ''): Promise<string> {
  const contents = `export { graphqlSocket } from 'rx-graphql-ws';export { ${names} } from '${entry}'`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: consumer().directory },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: ['rxjs', 'rxjs/*', '@angular/*'],
    define: { ngDevMode: 'false', ngServerMode: 'false' },
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

describe('the entry for Angular', function () {
  this.timeout(180_000);

  it('is not touched without Angular: the other entries are imported where it is not installed', () => {
    const program = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const entry of ['rx-graphql-ws', 'rx-graphql-ws/testing', 'rx-graphql-ws/testing/server']) {
        await import(entry);
        require(entry);
      }
      await import('${entry}').catch(({ code, message }) => console.log(code, message));`;
    consumer().write({ 'without-angular.mjs': program });
    expect(consumer().run('without-angular.mjs')).to.match(
      /^ERR_MODULE_NOT_FOUND .*'@angular\/core'/,
    );
  });

  it('works as it is built', () => {
    const file = '.cache/angular/built.mjs';
    mkdirSync('.cache/angular', { recursive: true });
    writeFileSync(
      file,
      `
      import '@angular/compiler';
      import { createEnvironmentInjector, PLATFORM_ID } from '@angular/core';
      import { firstValueFrom, of, lastValueFrom } from 'rxjs';
      import { GRAPHQL_SOCKET, provideGraphQLSocket } from '${entry}';
      import { controllerOf, provideGraphQLSocketTesting } from '${entry}/testing';
      import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
      const inject = (...providers) =>
        createEnvironmentInjector([{ provide: PLATFORM_ID, useValue: 'browser' }, ...providers], null);

      const server = await graphqlTestServer({ handle: () => of({ data: { price: 7 } }) });
      const injector = inject(provideGraphQLSocket({ url: server.url }));
      const socket = injector.get(GRAPHQL_SOCKET);
      console.log(await firstValueFrom(socket.subscribe$('subscription { price }')));
      injector.destroy();
      console.log((await lastValueFrom(socket.status$)).state);
      await server.stop();

      const testing = inject(provideGraphQLSocketTesting());
      testing.get(GRAPHQL_SOCKET).subscribe$('subscription { price }').subscribe(console.log);
      testing.get(controllerOf(GRAPHQL_SOCKET)).expectOne(/price/).next(8);
      testing.destroy();`,
    );
    const out = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    expect(out.trim().split('\n')).to.deep.equal(['{ price: 7 }', 'closed', '8']);
  });

  describe('adds to a bundle that has graphqlSocket', () => {
    const sizes = new Map<string, number>();

    before(async () => {
      const size = async (names?: string) => brotliCompressSync(await bundle(names)).length;
      const alone = await size();
      for (const names of Object.keys(limits)) sizes.set(names, (await size(names)) - alone);
    });

    for (const [names, limit] of Object.entries(limits))
      it(`at most ${limit} bytes for ${names}`, () => {
        expect(sizes.get(names)).to.be.within(1, limit);
      });

    it('nothing that is for development or for the server alone', async () => {
      const code = await bundle('provideGraphQLSocket, injectSubscription');
      expect(code).to.not.match(/HttpClient|equal operations/);
    });

    after(() => {
      console.table(Object.fromEntries(sizes));
    });
  });
});
