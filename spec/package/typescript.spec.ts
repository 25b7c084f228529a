import { resolve } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compilers, consumer, type Compiler } from './consumer.js';

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

const recovery = `
import type { Observable } from 'rxjs';
import type { GraphQLSocket, TypedDocument } from 'rx-graphql-ws';
import { type Gap, isGap, recover, scanSnapshot, watch } from 'rx-graphql-ws/recovery';

declare const socket: GraphQLSocket;
declare const LiveEvents: TypedDocument<{ events: { at: number }[] }, { since?: number }>;
const event$: Observable<{ at: number } | Gap> = recover(socket, LiveEvents, {
  rows: (data) => data.events,
  resume: (last) => ({ since: last.at }),
});
event$.subscribe((event) => (isGap(event) ? event.until : event.at).toFixed());
export const count$: Observable<number> = event$.pipe(scanSnapshot(() => [0], (count) => count + 1));
socket.subscribe$(LiveEvents).pipe(watch({ staleAfter: 1, status$: socket.status$ })).subscribe(({ state }) => state);
// @ts-expect-error -- no such variable
recover(socket, LiveEvents, { rows: (data) => data.events, resume: (last) => ({ sinc: last.at }) });
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

const nodeNext = { module: 'NodeNext', target: 'ES2022', lib: ['ES2022'] };
const bundler = { ...nodeNext, module: 'ESNext', moduleResolution: 'Bundler' };
const old = { module: 'CommonJS', moduleResolution: 'node10', target: 'ES2022' };
const nodeTypes = { types: ['node'], typeRoots: [resolve('node_modules/@types')] };
const bare = { types: [], skipLibCheck: false };
const neutral = [
  ...['program.mts', 'program.cts', 'recovery.mts', 'recovery.cts'],
  ...['testing.mts', 'testing.cts', 'platform.d.ts'],
];

/** declarations.spec.ts has each compiler with NodeNext and `exactOptionalPropertyTypes` on and off. */
const rows: readonly (readonly [title: string, Compiler, options: object, files: string[]])[] = [
  ...compilers.flatMap((compiler): (typeof rows)[number][] => [
    [
      `${compiler}, NodeNext, exactOptionalPropertyTypes on: no DOM, no Node, no graphql needed`,
      compiler,
      { ...nodeNext, ...bare, exactOptionalPropertyTypes: true },
      neutral,
    ],
    [
      `${compiler}, Bundler, exactOptionalPropertyTypes off: no DOM, no Node, no graphql needed`,
      compiler,
      { ...bundler, ...bare },
      neutral,
    ],
    [
      `${compiler}: the test server with Node's types, without those of ws`,
      compiler,
      { ...nodeNext, ...nodeTypes, exactOptionalPropertyTypes: true },
      ['server.mts', 'server.cts'],
    ],
  ]),
  [
    'module: commonjs with the resolution of old finds all of it, the test kit too',
    'typescript-5.4',
    { ...old, ...nodeTypes },
    ['node10.ts', 'node10-recovery.ts'],
  ],
  [
    'beside the declarations of browsers and of ES next',
    'typescript',
    { ...bundler, lib: ['ESNext', 'DOM', 'DOM.Iterable'], types: [] },
    ['program.mts'],
  ],
];

describe('in TypeScript', function () {
  this.timeout(120_000);
  let diagnostics: Promise<string>[];

  before(() => {
    const installed = consumer();
    installed.write({
      'program.mts': program,
      'program.cts': program,
      'recovery.mts': recovery,
      'recovery.cts': recovery,
      'node10-recovery.ts': recovery,
      'testing.mts': testing,
      'testing.cts': testing,
      'server.mts': server,
      'server.cts': server,
      'node10.ts': testing + server.replaceAll(/^import \{ of.*$/gm, "import { of } from 'rxjs';"),
      'platform.d.ts': platform,
    });
    diagnostics = rows.map(([, ...compilation]) => installed.compile(...compilation));
  });

  rows.forEach(([title], index) => {
    it(title, async () => {
      expect(await diagnostics[index]).to.equal('');
    });
  });
});
