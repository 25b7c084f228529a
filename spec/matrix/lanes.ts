import type { Compiler } from '../package/consumer.js';
import type { resolutions } from '../package/typed-files.js';

export const runtimes = [
  'node-20',
  'node-22',
  'node-24',
  'node-26',
  'bun',
  'deno',
  'workerd',
] as const;
export const bundlers = ['esbuild', 'vite', 'rollup', 'webpack', 'metro'] as const;
export const rxjsVersions = ['7.5.6', '7.8.2'] as const;

/** One way in which the package is used. */
export interface Lane {
  readonly runtime: (typeof runtimes)[number];
  /** The module system of the program. */
  readonly modules: 'esm' | 'cjs';
  /** `ws` is the default of the build for Node. A bundle finds the global one by itself. */
  readonly webSocket: 'ws' | 'global';
  readonly rxjs: (typeof rxjsVersions)[number];
  readonly bundler?: (typeof bundlers)[number];
  /** Compiles the typed programs. */
  readonly compiler?: Compiler;
  readonly resolution?: keyof typeof resolutions;
}

type Row = readonly [
  ...[Lane['runtime'], Lane['modules'], Lane['webSocket'], Lane['rxjs']],
  Lane['bundler']?,
  Compiler?,
  Lane['resolution']?,
];

// lanes.spec.ts holds that every pair of interest meets
const rows: readonly Row[] = [
  ['node-20', 'esm', 'ws', '7.5.6', undefined, 'typescript-5.4', 'NodeNext'],
  ['node-20', 'cjs', 'ws', '7.8.2'],
  ['node-22', 'esm', 'ws', '7.8.2', undefined, 'typescript', 'NodeNext'],
  ['node-22', 'cjs', 'global', '7.5.6'],
  ['node-24', 'cjs', 'ws', '7.5.6', undefined, 'typescript-7', 'NodeNext'],
  ['node-24', 'esm', 'global', '7.8.2'],
  ['node-26', 'esm', 'ws', '7.8.2'],
  ['node-26', 'cjs', 'global', '7.5.6'],
  ['bun', 'esm', 'ws', '7.5.6'],
  ['bun', 'cjs', 'global', '7.8.2'],
  ['deno', 'cjs', 'ws', '7.5.6'],
  ['deno', 'esm', 'global', '7.8.2'],
  ['workerd', 'esm', 'global', '7.8.2', 'esbuild', 'typescript-5.4', 'Bundler'],
  ['workerd', 'esm', 'global', '7.5.6', 'rollup', 'typescript', 'Bundler'],
  ['node-22', 'cjs', 'global', '7.5.6', 'esbuild'],
  ['node-24', 'esm', 'global', '7.8.2', 'vite', 'typescript-7', 'Bundler'],
  ['node-26', 'esm', 'global', '7.5.6', 'webpack'],
  ['node-22', 'cjs', 'global', '7.8.2', 'webpack'],
  ['node-24', 'esm', 'global', '7.8.2', 'metro'],
  ['node-26', 'cjs', 'global', '7.5.6', 'metro'],
];

export const lanes: readonly Lane[] = rows.map(
  ([runtime, modules, webSocket, rxjs, bundler, compiler, resolution]) => ({
    ...{ runtime, modules, webSocket, rxjs },
    ...(bundler && { bundler }),
    ...(compiler && { compiler }),
    ...(resolution && { resolution }),
  }),
);

/** The name of a lane on the command line and in the table. */
export const nameOf = ({ runtime, modules, webSocket, bundler }: Lane) =>
  [runtime, modules, bundler ?? webSocket].join('-');
