// What a configuration may be. Compiled, never run.
import type { Observable } from 'rxjs';
import { from, of, timer } from 'rxjs';
import type { GraphQLSocket, GraphQLSocketError, SocketStatus } from 'rx-graphql-ws';
import { exponentialBackoff, graphqlSocket, handshake, isGraphQLSocketError } from 'rx-graphql-ws';
import type { Same } from './expect.js';
import { expectTrue } from './expect.js';

const url = 'wss://example.org';
declare const token: () => Promise<string>;
declare const dynamic: string | undefined;

graphqlSocket({ url: of(url) });
graphqlSocket({ url: () => url });
graphqlSocket({
  url: async ({ attempt, error }) => `${url}?${attempt}&${error?.name}&${await token()}`,
});
graphqlSocket({ url, connectionParams: { token: 'x' } });
graphqlSocket({ url, connectionParams: async () => ({ token: await token() }) });
graphqlSocket({ url, connectionParams: () => from(token().then((value) => ({ token: value }))) });
graphqlSocket({ url, subprotocols: ['graphql-transport-ws'] as const });
graphqlSocket({ url, webSocketOptions: { headers: { Authorization: 'x' } } });
graphqlSocket({ url, connectTimeout: false, ackTimeout: 1, keepAliveTimeout: 60_000, linger: 1 });
graphqlSocket({ url, retry: false });
graphqlSocket({ url, retry: { delay: exponentialBackoff({ max: 1_000 }), count: undefined } });
graphqlSocket({ url, retry: { delay: (_, attempt) => timer(attempt) } });
graphqlSocket({
  url,
  retry: { shouldRetry: (error, byDefault) => error.name === 'ConnectionError' || byDefault },
});
// An option left undefined is an option left out, with exactOptionalPropertyTypes too.
graphqlSocket({
  url,
  connectionParams: dynamic === undefined ? undefined : { token: dynamic },
  generateId: undefined,
});

graphqlSocket({ url, generateId: () => 'id' });
graphqlSocket({
  url,
  generateId: ({ operationName, documentId }) => `${operationName}${documentId}`,
});
handshake({ generateId: ({ query = '' }) => query });

// @ts-expect-error -- an address is required
graphqlSocket({});
// @ts-expect-error -- not an address
graphqlSocket({ url: 5 });
// @ts-expect-error -- a promise: asked for once, it could not be asked afresh
graphqlSocket({ url: token() });
// @ts-expect-error -- read as a count by some, as ms by others
graphqlSocket({ url, retry: 3 });
// @ts-expect-error -- ms or false
graphqlSocket({ url, ackTimeout: '5s' });
// @ts-expect-error -- a typo
graphqlSocket({ url, keepAliveTimout: 5 });
// @ts-expect-error -- not a constructor
graphqlSocket({ url, webSocketImpl: {} });

// ── the socket ────────────────────────────────────────────────────────────────────────────────────
declare const socket: GraphQLSocket;
expectTrue<Same<typeof socket.status$, Observable<SocketStatus>>>();
socket.close();
socket[Symbol.dispose]();
// @ts-expect-error -- readonly
socket.status$ = of();
socket.subscribe$('subscription { a }', { errorPolicy: 'ignore', resend: false });
socket.subscribe$('subscription { a }', { share: true });
socket.subscribe$('subscription { a }', { share: { replay: 1, linger: 5_000 } });
// @ts-expect-error -- of one operation: it would never be shared
socket.query$('query { a }', { share: true });
// @ts-expect-error -- a number of values
socket.subscribe$('subscription { a }', { share: { replay: true } });
// @ts-expect-error -- cannot be told from 'ignore' on a stream of data
socket.subscribe$('subscription { a }', { errorPolicy: 'all' });
// @ts-expect-error -- whole results have no policy
socket.execute$('query { a }', { errorPolicy: 'none' });

// ── discriminated by one member ───────────────────────────────────────────────────────────────────
declare const status: SocketStatus;
if (status.state === 'waiting') expectTrue<Same<typeof status.attempt, number>>();
// @ts-expect-error -- an idle socket has made no attempt
if (status.state === 'idle') status.attempt.toFixed();

declare const caught: unknown;
if (isGraphQLSocketError(caught)) {
  expectTrue<Same<typeof caught, GraphQLSocketError>>();
  if (caught.name === 'ConnectionClosedError') expectTrue<Same<typeof caught.code, number>>();
  // @ts-expect-error -- has no close code
  if (caught.name === 'OperationError') caught.code.toFixed();
}
