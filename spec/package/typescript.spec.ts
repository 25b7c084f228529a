import { resolve } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import type { Consumer } from './consumer.js';
import { compilers, consumer } from './consumer.js';

const program = `
import type { Observable } from 'rxjs';
import { type GraphQLSocket, type TypedDocument, graphqlSocket, isGraphQLSocketError } from 'rx-graphql-ws';

declare const LivePrice: TypedDocument<{ price: number }, { base: string }>;
const socket: GraphQLSocket = graphqlSocket({ url: 'wss://example.org/graphql', connectionParams: undefined });
export const price$: Observable<{ price: number }> = socket.subscribe$({ query: LivePrice, variables: { base: 'SOL' } });
price$.subscribe({
  error: (error: unknown) => {
    if (isGraphQLSocketError(error) && error.name === 'ConnectionClosedError') error.code.toFixed();
  },
});
socket[Symbol.dispose]();

// @ts-expect-error -- base is required
socket.subscribe$(LivePrice);
// @ts-expect-error -- not an address, also where no URL is declared
graphqlSocket({ url: 5 });
`;

const testing = `
import { GraphQLSocketTestingController, codecContract, fakeSocket, marbleEqual, marbleSocket, record, replay } from 'rx-graphql-ws/testing';
import { type Codec, type TypedDocument, graphqlSocket } from 'rx-graphql-ws';
import { TestScheduler } from 'rxjs/testing';

declare const LivePrice: TypedDocument<{ price: number }, { base: string }>;
declare const codec: Codec;
new TestScheduler(marbleEqual).run((helpers) => {
  const server = marbleSocket(helpers, ['oa-1'], { 1: { data: { price: 7 } } });
  const socket = graphqlSocket({ url: 'wss://example.org/graphql', webSocketImpl: server });
  helpers.expectObservable(socket.subscribe$('{ a }')).toBe('');
  record(socket).subscribe();
  // @ts-expect-error -- no such value
  marbleSocket(helpers, ['t'], { t: { close: 'no code' } });
});
const controller = new GraphQLSocketTestingController({ webSocketImpl: fakeSocket() });
controller.expectOne(LivePrice).next({ price: 7 });
// @ts-expect-error -- not its data
controller.expectOne(LivePrice).next({ cost: 7 });
graphqlSocket({ url: 'wss://example.org/graphql', webSocketImpl: replay('') });
for (const { name, run } of codecContract(codec)) if (name) run();
`;

const server = `
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { of } from 'rxjs';

export const url: Promise<string> = graphqlTestServer({ handle: () => of({ data: { price: 1 } }) }).then(({ url }) => url);
// @ts-expect-error -- not a result
void graphqlTestServer({ handle: () => of(1) });
`;

/** All that rxjs' own declarations want of a platform. */
const platform = 'declare function setTimeout(): unknown;';

const resolutions = {
  NodeNext: { module: 'NodeNext', target: 'ES2022', lib: ['ES2022'] },
  Bundler: { module: 'ESNext', moduleResolution: 'Bundler', target: 'ES2022', lib: ['ES2022'] },
};

describe('in TypeScript', function () {
  this.timeout(60_000);
  let installed: Consumer;

  before(() => {
    installed = consumer();
    installed.write({
      'program.mts': program,
      'program.cts': program,
      'testing.mts': testing,
      'testing.cts': testing,
      'server.mts': server,
      'server.cts': server,
      'platform.d.ts': platform,
    });
  });

  for (const compiler of compilers) {
    for (const [resolution, options] of Object.entries(resolutions)) {
      for (const exactOptionalPropertyTypes of [true, false]) {
        const settings = { ...options, exactOptionalPropertyTypes, skipLibCheck: false };
        const title = `${compiler}, ${resolution}, exactOptionalPropertyTypes ${exactOptionalPropertyTypes ? 'on' : 'off'}`;

        it(`${title}: no DOM, no Node, no graphql needed`, () => {
          expect(
            installed.compile(compiler, { ...settings, types: [] }, [
              'program.mts',
              'program.cts',
              'testing.mts',
              'testing.cts',
              'platform.d.ts',
            ]),
          ).to.equal('');
        });
      }
    }

    it(`${compiler}: the test server with Node's types, without those of ws`, () => {
      expect(
        installed.compile(
          compiler,
          {
            ...resolutions.NodeNext,
            exactOptionalPropertyTypes: true,
            types: ['node'],
            typeRoots: [resolve('node_modules/@types')],
          },
          ['server.mts', 'server.cts'],
        ),
      ).to.equal('');
    });
  }

  it('is found whole by module: commonjs with the resolution of old, by the test kit too', () => {
    installed.write({
      'node10.ts': testing + server.replaceAll(/^import \{ of.*$/gm, "import { of } from 'rxjs';"),
    });
    const old = { module: 'CommonJS', moduleResolution: 'node10', target: 'ES2022' };
    expect(
      installed.compile(
        'typescript-5.4',
        { ...old, types: ['node'], typeRoots: [resolve('node_modules/@types')] },
        ['node10.ts'],
      ),
    ).to.equal('');
  });

  it('sits beside the declarations of browsers and of ES next', () => {
    const lib = ['ESNext', 'DOM', 'DOM.Iterable'];
    expect(
      installed.compile('typescript', { ...resolutions.Bundler, lib, types: [] }, ['program.mts']),
    ).to.equal('');
  });
});
