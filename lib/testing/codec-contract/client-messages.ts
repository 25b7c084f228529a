import type { ClientMessage, SentRequest } from 'rx-graphql-ws';

/** A `subscribe` of this request; a request without variables has none on the wire either. */
export function subscribe(request: Partial<SentRequest>, id = '1'): ClientMessage {
  return { type: 'subscribe', id, payload: { query: '{ a }', ...request } as SentRequest };
}

/** What every codec writes, if only as nothing. Made afresh, as all of them are: a codec may change what it is given. */
export function plainMessages(): readonly ClientMessage[] {
  return [
    { type: 'ping' },
    { type: 'pong' },
    subscribe({}),
    subscribe({ variables: {} }),
    subscribe({ variables: { b: [null, { c: 1.5 }], d: 'é' } }),
    { type: 'complete', id: '1' },
    { type: 'terminate' },
  ];
}

/** What a dialect may have no place for. A codec that throws then says so; a codec may also expect a payload in every init. */
export function furtherMessages(): readonly ClientMessage[] {
  return [
    { type: 'init' },
    { type: 'init', payload: { token: 't' } },
    ...[null, {}, { n: 1 }, [], 'echo', 0].map((payload) => ({ type: 'pong', payload }) as const),
    subscribe({ operationName: 'A' }),
    subscribe({ extensions: { persistedQuery: { version: 1 } } }),
  ];
}

export function clientMessages(): readonly ClientMessage[] {
  return [...plainMessages(), ...furtherMessages()];
}
