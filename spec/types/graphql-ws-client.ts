// The client that we make is one of graphql-ws, to the compiler too.
import type { Client, FormattedExecutionResult } from 'graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { toGraphQLWsClient, type GraphQLWsClient } from 'rx-graphql-ws/graphql-ws';
import type { Same } from './expect.js';
import { expectTrue } from './expect.js';

const ours = toGraphQLWsClient(graphqlSocket({ url: 'wss://example.org/graphql' }));

export const theirs: Client = ours;
export const takes = (client: Client): Client => client;
takes(ours);

expectTrue<Same<ReturnType<typeof toGraphQLWsClient>, GraphQLWsClient>>();
expectTrue<GraphQLWsClient extends Client ? true : false>();
/** Nothing that graphql-ws has is left out, and nothing is added. */
expectTrue<Same<keyof GraphQLWsClient, keyof Client>>();

/** Listeners and sinks that were written for graphql-ws. */
declare const wherever: <C extends Pick<Client, 'on' | 'subscribe' | 'iterate'>>(client: C) => void;
wherever(ours);

ours.on('closed', (event) => {
  event.code.toFixed();
  event.wasClean satisfies boolean;
});
ours.on('connected', (socket, payload, wasRetry) => {
  if (wasRetry && payload?.renew === true) socket.close(4205, 'renew');
});
ours.on('connected', (socket: unknown) => void socket);
const sink = {
  next: (_result: FormattedExecutionResult<{ price: number }>) => undefined,
  error: (_error: unknown) => undefined,
  complete: () => undefined,
};
ours.subscribe<{ price: number }>(
  { query: '{ price }', operationName: null },
  sink,
) satisfies () => void;
ours.iterate<{ price: number }>({ query: '{ price }' }) satisfies AsyncIterable<
  FormattedExecutionResult<{ price: number }, unknown>
>;

// @ts-expect-error -- there is no such event
ours.on('reconnected', () => undefined);
// @ts-expect-error -- a listener of another event
ours.on('closed', (isRetry: boolean) => void isRetry);
// @ts-expect-error -- a document without text
ours.subscribe({ variables: {} }, sink);
