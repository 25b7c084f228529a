import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Feeds } from './feeds.js';
import { copyExample, type Edits, replaced, withOptions } from './workspace.js';

const urls = ({ trades, prices }: Feeds): Edits => ({
  'src/app/urls.ts': () =>
    `export const TRADES_URL = '${trades.url}';\nexport const PRICES_URL = '${prices.url}';\n`,
});

/** Angular with zone.js; `globalThis.probe` tells how often it looked for changes, and whether it has become stable. */
const zone: Edits = {
  'angular.json': (text) => withOptions(text, { polyfills: ['zone.js'] }),
  'src/app/app.config.ts': (text) =>
    `import { provideZoneChangeDetection } from '@angular/core';\n` +
    replaced(text, 'providers: [', 'providers: [provideZoneChangeDetection(),'),
  'src/main.ts': (text) =>
    `import { NgZone } from '@angular/core';\n` +
    replaced(
      text,
      '.catch',
      `.then((app) => {
        const probe = { changeDetections: 0, stable: false };
        app.injector.get(NgZone).onMicrotaskEmpty.subscribe(() => (probe.changeDetections += 1));
        void app.whenStable().then(() => (probe.stable = true));
        Object.assign(globalThis, { probe });
      }).catch`,
    ),
};

export const zoneless = (feeds: Feeds) => copyExample('zoneless', urls(feeds));

export const zoned = (feeds: Feeds, name = 'zoned', further: Edits = {}) =>
  copyExample(name, { ...urls(feeds), ...zone, ...further });

/** With zone.js, and without our handling of the server, or of zones, or of both: those modules of lib/angular are replaced. */
export async function passThrough(
  feeds: Feeds,
  name: string,
  modules: readonly ('server' | 'zone')[],
  further: Edits = {},
): Promise<string> {
  const directory = copyExample(name, {
    ...urls(feeds),
    ...zone,
    'tsconfig.json': (text) =>
      replaced(
        text,
        '"compilerOptions": {',
        '"compilerOptions": { "paths": { "rx-graphql-ws/angular": ["./pass-through/index"] },',
      ),
    ...further,
  });
  mkdirSync(join(directory, 'pass-through'));
  copyFileSync('dist/angular/index.d.ts', join(directory, 'pass-through/index.d.ts'));
  await build({
    entryPoints: ['lib/angular/index.ts'],
    outfile: join(directory, 'pass-through/index.js'),
    ...{ bundle: true, format: 'esm', target: 'es2022', logLevel: 'error' },
    external: ['@angular/*', 'rxjs', 'rx-graphql-ws', 'rx-graphql-ws/*'],
    plugins: [
      {
        name: 'pass-through',
        setup({ onResolve }) {
          for (const module of modules)
            onResolve({ filter: new RegExp(`^\\./${module}\\.js$`) }, () => ({
              path: resolve(`spec/angular-app/pass-through/${module}.ts`),
            }));
        },
      },
    ],
    tsconfigRaw: {},
  });
  return directory;
}

/** Every page is made at its request. */
export const nothingPrerendered: Edits = {
  'src/app/app.routes.server.ts': (text) =>
    replaced(text, 'RenderMode.Prerender', 'RenderMode.Server'),
};
