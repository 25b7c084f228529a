import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { Consumer } from './consumer.js';
import { consumer } from './consumer.js';

describe('in Node', function () {
  this.timeout(180_000);
  let installed: Consumer;

  before(() => {
    installed = consumer();
  });

  for (const [entry, name] of [
    ['rx-graphql-ws', 'graphqlSocket'],
    ['rx-graphql-ws/bitquery', 'bitquery'],
    ['rx-graphql-ws/graphql-ws', 'toGraphQLWsClient'],
    ['rx-graphql-ws/recovery', 'recover'],
    ['rx-graphql-ws/testing', 'marbleSocket'],
    ['rx-graphql-ws/testing/server', 'graphqlTestServer'],
  ] as const)
    it(`both builds of ${entry} export the same names`, () => {
      installed.write({
        'names.mjs': `
        import { createRequire } from 'node:module';
        import * as esm from '${entry}';
        const cjs = createRequire(import.meta.url)('${entry}');
        const names = (module) => JSON.stringify(Object.keys(module).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort());
        console.log(names(esm) === names(cjs), typeof esm.${name}, esm.${name} === cjs.${name});`,
      });
      expect(installed.run('names.mjs')).to.equal('true function false');
    });

  it('isGraphQLSocketError knows the errors of the other build, instanceof does not', () => {
    installed.write({
      'errors.mjs': `
        import { createRequire } from 'node:module';
        import * as esm from 'rx-graphql-ws';
        const cjs = createRequire(import.meta.url)('rx-graphql-ws');
        const thrownBy = ({ graphqlSocket }) => { try { graphqlSocket({}); } catch (error) { return error; } };
        console.log(
          esm.isGraphQLSocketError(thrownBy(cjs)),
          cjs.isGraphQLSocketError(thrownBy(esm)),
          thrownBy(cjs) instanceof esm.ConfigurationError,
          esm.isGraphQLSocketError(new Error()),
        );`,
    });
    expect(installed.run('errors.mjs')).to.equal('true true false false');
  });

  it('isGap knows the gaps of the other build', () => {
    installed.write({
      'gaps.mjs': `
        import { createRequire } from 'node:module';
        import { NEVER } from 'rxjs';
        import * as esm from 'rx-graphql-ws/recovery';
        const cjs = createRequire(import.meta.url)('rx-graphql-ws/recovery');
        const socket = { subscribe$: ({ variables }) => (variables?.(), NEVER) };
        for (const { recover } of [esm, cjs])
          recover(socket, 'subscription { a }', { handled: () => [1] }).subscribe((gap) =>
            console.log(esm.isGap(gap), cjs.isGap(gap)));`,
    });
    expect(installed.run('gaps.mjs')).to.equal('true true\ntrue true');
  });

  for (const [one, other] of [
    ['esm', 'cjs'],
    ['cjs', 'esm'],
  ] as const)
    it(`execute() and concatMapBounded() of the ${other} build work on a socket of the ${one} build, over a loss`, () => {
      installed.write({
        'mixed.mjs': `
        import { createRequire } from 'node:module';
        import * as esm from 'rx-graphql-ws';
        import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
        import { concat, firstValueFrom, lastValueFrom, NEVER, of, take, toArray } from 'rxjs';
        const cjs = createRequire(import.meta.url)('rx-graphql-ws');
        const [one, other] = [${one}, ${other}];
        const server = await graphqlTestServer({ handle: () => concat(of({ data: 1 }), NEVER) });
        const socket = one.graphqlSocket({ url: server.url, retry: { delay: 10 } });
        const { execute, decode, selectData, keepAlive, shareConnection, concatMapBounded } = other;
        const data$ = socket.connection$.pipe(
          keepAlive(), shareConnection(),
          execute('subscription { a }'), decode(), selectData(),
          concatMapBounded((value) => of(value), { capacity: 1, overflow: 'pause', socket }),
        );
        const values = lastValueFrom(data$.pipe(take(2), toArray()));
        await server.ledger.received('subscribe', 1);
        server.drop();
        console.log(JSON.stringify(await values));
        const failing$ = socket.connection$.pipe(execute('mutation { a }'));
        socket.close();
        await firstValueFrom(failing$).catch((error) => console.log(error.name));
        await server.stop();`,
      });
      expect(installed.run('mixed.mjs')).to.equal('[1,1]\nSocketDisposedError');
    });

  it('the browser condition gets the browser build: jsdom, server-side rendering', () => {
    installed.write({
      'browser.mjs': `
        import { createRequire } from 'node:module';
        console.log(import.meta.resolve('rx-graphql-ws'), createRequire(import.meta.url).resolve('rx-graphql-ws'));`,
    });
    expect(installed.run('browser.mjs', '--conditions=browser')).to.match(
      /dist\/browser\/index\.js \S+dist\/browser\/index\.cjs$/,
    );
  });
});
