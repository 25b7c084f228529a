import type { GraphQLSocket, GraphQLSocketError, Payload } from 'rx-graphql-ws';
import type { Observable, Subscription } from 'rxjs';

export type StreamKind = 'subscribe$' | 'execute$' | 'payload$' | 'query$' | 'mutate$';

/** What a stream told its subscriber. */
export type Notice =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: GraphQLSocketError }
  | { readonly type: 'complete' };

/** A stream of the socket object's, subscribed. */
export interface Stream {
  readonly kind: StreamKind;
  /** No other stream has this document. */
  readonly query: string;
  readonly notices: readonly Notice[];
  /** Whether it is still subscribed, and has not ended. */
  readonly live: boolean;
  readonly subscription: Subscription;
}

const types: Readonly<Record<StreamKind, string>> = {
  subscribe$: 'subscription',
  execute$: 'subscription',
  payload$: 'subscription',
  query$: 'query',
  mutate$: 'mutation',
};

/** One of each, so that results are seen at every stage of their way. */
export const streamKinds = Object.keys(types) as readonly StreamKind[];

export function openStream(socket: GraphQLSocket, kind: StreamKind, name: string): Stream {
  const query = `${types[kind]} ${name} { ${name} }`;
  const notices: Notice[] = [];
  let ended = false;
  const note = (notice: Notice, end: boolean) => {
    notices.push(notice);
    ended ||= end;
  };
  const source$: Observable<unknown> = socket[kind](query);
  const subscription = source$.subscribe({
    next: (value) => note({ type: 'value', value }, false),
    error: (error: GraphQLSocketError) => note({ type: 'error', error }, true),
    complete: () => note({ type: 'complete' }, true),
  });
  return {
    ...{ kind, query, notices, subscription },
    get live() {
      return !ended && !subscription.closed;
    },
  };
}

/** What an undecoded result decodes to, or fails with; any other value is itself. */
export function decoded(value: unknown, kind: StreamKind): Notice {
  if (kind !== 'payload$') return { type: 'value', value };
  try {
    return { type: 'value', value: (value as Payload).decode() };
  } catch (error) {
    return { type: 'error', error: error as GraphQLSocketError };
  }
}
