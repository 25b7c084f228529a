import { resolve } from 'node:path';

// Programs that use the types of every entry but Angular's. A line that must not compile says so in them.

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

const client = `
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient, type GraphQLWsClient } from 'rx-graphql-ws/graphql-ws';

const client: GraphQLWsClient = toGraphQLWsClient(graphqlSocket({ url: 'wss://example.org/graphql' }));
client.on('connected', (socket, _payload, wasRetry) => { if (wasRetry) socket.close(4205, 'renew'); });
export const leave: () => void = client.subscribe({ query: '{ a }' }, { next: ({ data }) => void data, error: () => {}, complete: () => {} });
// @ts-expect-error -- no such event
client.on('reconnected', () => {});
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

const bitquery = `
import { type GraphQLSocket, type TypedDocument, graphqlSocket } from 'rx-graphql-ws';
import { type BitqueryErrorKind, type Fetch, backfillByBlock, bitquery, explainBitqueryError } from 'rx-graphql-ws/bitquery';

declare const Blocks: TypedDocument<{ blocks: { number: string }[] }, { from: number; to?: number | undefined }>;
export const socket: GraphQLSocket = graphqlSocket(bitquery({ token: 'abc', region: 'us', linger: 5, retry: { count: 3 } }));
const kind: BitqueryErrorKind = explainBitqueryError(undefined).kind;
export const answers = async (fetch: Fetch) => { if (kind === 'other') await fetch('', {}); };
export const backfill = backfillByBlock({
  token: async ({ attempt }) => String(attempt),
  query: Blocks,
  rows: ({ blocks }) => blocks,
  block: ({ number }) => number,
  variables: ({ fromBlock: from, toBlock: to }) => ({ from, to }),
});
backfill({ last: { number: '1' }, first: undefined, since: undefined })?.subscribe(({ blocks }) => blocks.length);
// @ts-expect-error -- no token
bitquery({ region: 'us' });
// @ts-expect-error -- no such region
bitquery({ token: 'abc', region: 'mars' });
// @ts-expect-error -- a token that changes is a function, a URL is not
bitquery({ token: 'abc', url: () => 'wss://example.org' });
`;

const server = `
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { of } from 'rxjs';

export const url: Promise<string> = graphqlTestServer({ handle: () => of({ data: { price: 1 } }) }).then(({ url }) => url);
// @ts-expect-error -- not a result
void graphqlTestServer({ handle: () => of(1) });
`;

const neutral = { program, bitquery, client, recovery, testing };
const inBoth = (programs: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(programs).flatMap(([name, text]) => [
      [`${name}.mts`, text],
      [`${name}.cts`, text],
    ]),
  );

/** The files of a project that uses all of the package, as ES modules, as CommonJS, and for the resolution of old. */
export const typedFiles = {
  ...inBoth({ ...neutral, server }),
  'bitquery.ts': bitquery,
  'node10.ts':
    client.replace(/^import \{ graphqlSocket \}.*$/m, '') +
    testing +
    server.replaceAll(/^import \{ of.*$/gm, "import { of } from 'rxjs';"),
  'node10-recovery.ts': recovery,
  // All that rxjs' own declarations want of a platform.
  'platform.d.ts': 'declare function setTimeout(): unknown;',
};

/** The files that need no types of a platform: neither Node's, nor a page's, nor those of graphql. */
export const neutralFiles = [...Object.keys(inBoth(neutral)), 'platform.d.ts'];
export const serverFiles = ['server.mts', 'server.cts'];

/** How projects of today find modules. */
export const resolutions = {
  NodeNext: { module: 'NodeNext', target: 'ES2022', lib: ['ES2022'] },
  Bundler: { module: 'ESNext', moduleResolution: 'Bundler', target: 'ES2022', lib: ['ES2022'] },
};
export const nodeTypes = { types: ['node'], typeRoots: [resolve('node_modules/@types')] };
export const bare = { types: [], skipLibCheck: false };
