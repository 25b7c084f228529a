import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Lane } from './lanes.js';
import { bundlers, lanes, nameOf, runtimes, rxjsVersions } from './lanes.js';

const systems = ['esm', 'cjs'] as const;
const compilers = ['typescript-5.4', 'typescript', 'typescript-7'] as const;
const resolutions = ['NodeNext', 'Bundler'] as const;
/** workerd takes ES modules and has no `ws`. */
const processes = runtimes.filter((runtime) => runtime !== 'workerd');
/** Node 20 has no WebSocket of its own. */
const withGlobal = runtimes.filter((runtime) => runtime !== 'node-20');
/** Of a project's own modules, both take ES modules alone. */
const takeBoth = bundlers.filter((bundler) => bundler !== 'vite' && bundler !== 'rollup');

const crossed = <A, B>(some: readonly A[], others: readonly B[]) =>
  some.flatMap((one) => others.map((other) => [one, other] as const));

const pairs: readonly (readonly [keyof Lane, keyof Lane, readonly (readonly string[])[]])[] = [
  ['runtime', 'modules', [...crossed(processes, systems), ['workerd', 'esm']]],
  ['runtime', 'webSocket', [...crossed(processes, ['ws']), ...crossed(withGlobal, ['global'])]],
  ['runtime', 'rxjs', crossed(runtimes, rxjsVersions)],
  ['modules', 'webSocket', crossed(systems, ['ws', 'global'])],
  ['modules', 'rxjs', crossed(systems, rxjsVersions)],
  ['webSocket', 'rxjs', crossed(['ws', 'global'], rxjsVersions)],
  ['bundler', 'modules', [...crossed(takeBoth, systems), ...crossed(['vite', 'rollup'], ['esm'])]],
  ['bundler', 'rxjs', crossed(takeBoth, rxjsVersions)],
  ['compiler', 'resolution', crossed(compilers, resolutions)],
  ['compiler', 'rxjs', crossed(compilers, rxjsVersions)],
  ['resolution', 'rxjs', crossed(resolutions, rxjsVersions)],
];

describe('the matrix', () => {
  for (const [one, other, wanted] of pairs)
    it(`has a lane for every pair of ${one} and ${other}`, () => {
      const found = lanes.map((lane) => `${lane[one]} ${lane[other]}`);
      expect(found).to.include.members(wanted.map((pair) => pair.join(' ')));
    });

  it('has at most 20 lanes, each with a name of its own', () => {
    expect(new Set(lanes.map(nameOf)).size).to.equal(lanes.length);
    expect(lanes.length).to.be.at.most(20);
  });
});
