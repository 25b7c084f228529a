import type { ClientMessage, SentRequest } from 'rx-graphql-ws';

/** A `subscribe` without variables has none in its frame either. */
export function subscribe(request: Partial<SentRequest>, id = '1'): ClientMessage {
  return { type: 'subscribe', id, payload: { query: '{ a }', ...request } as SentRequest };
}

/** Messages that no codec may refuse. All messages here are made afresh, because a codec may change them. */
export const plainMessages = (): readonly ClientMessage[] => [
  { type: 'ping' },
  { type: 'pong' },
  subscribe({}),
  subscribe({ variables: {} }),
  subscribe({ variables: { b: [null, { c: 1.5 }], d: 'é' } }),
  { type: 'complete', id: '1' },
  { type: 'terminate' },
];

/** Further messages, which a dialect may lack: then the codec may throw. */
export const clientMessages = (): readonly ClientMessage[] => [
  ...plainMessages(),
  { type: 'init' },
  { type: 'init', payload: { token: 't' } },
  ...[null, {}, { n: 1 }, [], 'echo', 0].map((payload) => ({ type: 'pong', payload }) as const),
  subscribe({ operationName: 'A' }),
  subscribe({ extensions: { persistedQuery: { version: 1 } } }),
];
