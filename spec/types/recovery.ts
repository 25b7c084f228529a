// The programs that users write most often with the entry ./recovery: they compile as they are. Compiled, never run.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Observable } from 'rxjs';
import { concatMap, EMPTY, filter, from, map } from 'rxjs';
import type { GraphQLSocket, SocketStatus, Variables } from 'rx-graphql-ws';
import type { Gap, Missing, RecoverOptions, Watched } from 'rx-graphql-ws/recovery';
import { isGap, recover, scanSnapshot, watch } from 'rx-graphql-ws/recovery';
import type { Same } from './expect.js';
import { expectTrue } from './expect.js';

/** As graphql-code-generator writes it. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
type InputMaybe<T> = T | null;

interface Trade {
  Block: { Slot: number };
  Transaction: { Signature: string };
  Trade: { Index: number; Price: number };
}
interface TradesData {
  Solana: { DEXTrades: Trade[] };
}
interface Message {
  id: number;
  text: string;
}
interface Happening {
  id: string;
  at: number;
}
interface Todo {
  id: string;
  title: string;
}
interface Cursor {
  initial_value: { id: number };
  ordering: 'ASC';
}

declare const LiveTrades: TypedDocumentNode<TradesData, Exact<{ program?: InputMaybe<string> }>>;
declare const Messages: TypedDocumentNode<
  { messages_stream: Message[] },
  Exact<{ cursor: Cursor; room: string }>
>;
declare const Events: TypedDocumentNode<
  { event: Happening },
  Exact<{ since?: InputMaybe<number>; kind: string }>
>;
declare const TodoList: TypedDocumentNode<{ todos: Todo[] }, Exact<{ list: string }>>;
declare const TodoChanged: TypedDocumentNode<{ todo: Todo }, Exact<{ list: string }>>;
declare const Price: TypedDocumentNode<
  { price: { symbol: string; value: number } },
  Exact<{ symbol: string }>
>;
declare function fetchBlocks(from: number, to?: number): Promise<TradesData>;
declare function show(row: Trade): void;
declare function warn(text: string): void;
declare const store: { load(): Happening[]; save(event: Happening): void };
declare function handle(event: Happening): Promise<void>;

declare const socket: GraphQLSocket;

// ── a feed of trades with a history over HTTP ─────────────────────────────────────────────────────
const trades$ = recover(socket, LiveTrades, {
  rows: (data) => data.Solana.DEXTrades,
  backfill: ({ last, first }) => last && fetchBlocks(last.Block.Slot, first?.Block.Slot),
  key: (trade) => `${trade.Transaction.Signature}:${trade.Trade.Index}`,
});
trades$.subscribe((trade) => (isGap(trade) ? warn('missed trades') : show(trade)));
expectTrue<Same<typeof trades$, Observable<Trade | Gap>>>();

// ── a streaming cursor, whose type must be exact ──────────────────────────────────────────────────
const messages$ = recover(
  socket,
  {
    query: Messages,
    variables: { room: 'a', cursor: { initial_value: { id: 0 }, ordering: 'ASC' } },
  },
  {
    rows: (data) => data.messages_stream,
    resume: (last) => ({ cursor: { initial_value: { id: last.id }, ordering: 'ASC' as const } }),
  },
);
expectTrue<Same<typeof messages$, Observable<Message | Gap>>>();

// ── a `since` argument ────────────────────────────────────────────────────────────────────────────
const event$ = recover(
  socket,
  { query: Events, variables: { kind: 'a' } },
  { rows: (data) => [data.event], resume: (last) => ({ since: last.at }), key: ({ id }) => id },
);
expectTrue<Same<typeof event$, Observable<Happening | Gap>>>();

// ── a list that is kept up to date ────────────────────────────────────────────────────────────────
const todos$ = recover(socket, { query: TodoChanged, variables: { list: 'a' } }).pipe(
  scanSnapshot(
    () => socket.query$({ query: TodoList, variables: { list: 'a' } }),
    (state, { todo }) => ({ todos: [...state.todos.filter(({ id }) => id !== todo.id), todo] }),
  ),
);
expectTrue<Same<typeof todos$, Observable<{ todos: Todo[] }>>>();

// ── a price that may be stale ─────────────────────────────────────────────────────────────────────
const price$ = socket
  .subscribe$({ query: Price, variables: { symbol: 'SOL' } })
  .pipe(watch({ staleAfter: 1_000, status$: socket.status$ }));
expectTrue<
  Same<typeof price$, Observable<Watched<{ price: { symbol: string; value: number } }>>>
>();
const watchedTrade$ = trades$.pipe(watch());
expectTrue<Same<typeof watchedTrade$, Observable<Watched<Trade>>>>();

// ── a cursor that outlives the process ────────────────────────────────────────────────────────────
recover(
  socket,
  { query: Events, variables: { kind: 'a' } },
  {
    rows: (data) => [data.event],
    resume: (last) => ({ since: last.at }),
    key: (event) => event.id,
    handled: () => store.load(),
  },
)
  .pipe(
    concatMap((event) =>
      isGap(event) ? EMPTY : from(handle(event).then(() => store.save(event))),
    ),
  )
  .subscribe();

// ── documents without types ───────────────────────────────────────────────────────────────────────
const text = 'subscription { trades { price } }';
const plain$ = recover(socket, text, {
  rows: (data: { trades: { price: number }[] }) => data.trades,
  key: (trade) => trade.price,
});
expectTrue<Same<typeof plain$, Observable<{ price: number } | Gap>>>();
const bare$ = recover(socket, text);
expectTrue<Same<typeof bare$, Observable<unknown>>>();
const given$ = recover<{ n: number }>(socket, text);
expectTrue<Same<typeof given$, Observable<{ n: number } | Gap>>>();
const givenAll$ = recover<{ n: number }, { since?: number }, number>(
  socket,
  { query: text, variables: {} },
  { rows: (data) => [data.n], resume: (last) => ({ since: last }) },
);
expectTrue<Same<typeof givenAll$, Observable<number | Gap>>>();

// ── what a gap, a question and an option are ──────────────────────────────────────────────────────
declare const gap: Gap;
expectTrue<Same<typeof gap.since, number | undefined>>();
expectTrue<Same<typeof gap.until, number>>();
// @ts-expect-error -- nobody else can make one
const forged: Gap = { since: 1, until: 2 };
const missing: Missing<Message> = { last: undefined, first: undefined, since: 1, until: 2 };
const none: RecoverOptions<Message, Variables, Message> = { resume: undefined, key: undefined };
const price: number[] = [];
trades$
  .pipe(
    filter((trade): trade is Trade => !isGap(trade)),
    map((trade) => trade.Trade.Price),
  )
  .subscribe((value) => price.push(value));

// ── what runs operations need not be a socket ─────────────────────────────────────────────────────
declare const operations: Pick<GraphQLSocket, 'subscribe$'>;
recover(operations, LiveTrades);
const beneath: Pick<GraphQLSocket, 'subscribe$'> = {
  subscribe$: (request, options) => socket.subscribe$(request, options),
};
recover(beneath, LiveTrades);

// ── what does not compile ─────────────────────────────────────────────────────────────────────────
// @ts-expect-error -- `rows` comes first: the others are typed by it
recover(socket, LiveTrades, { key: (trade) => trade.Transaction.Signature });
// @ts-expect-error -- variables are required
recover(socket, Price);
const one = { query: Events, variables: { kind: 'a' } };
// @ts-expect-error -- no such variable
recover(socket, one, { rows: (data) => [data.event], resume: (last) => ({ sinc: last.at }) });
// @ts-expect-error -- a variable of another type
recover(socket, one, { rows: (data) => [data.event], resume: (last) => ({ since: last.id }) });
// @ts-expect-error -- later is too late
recover(socket, one, { rows: (data) => [data.event], resume: () => Promise.resolve({ since: 1 }) });
// @ts-expect-error -- the data of another document
recover(socket, LiveTrades, { backfill: () => Promise.resolve({ nonsense: 1 }), key: () => 1 });
// @ts-expect-error -- of one operation: it would never be shared
recover(socket, LiveTrades, { share: true });
const changed$ = socket.subscribe$({ query: TodoChanged, variables: { list: 'a' } });
const same = (state: Todo[]) => state;
// @ts-expect-error -- a stream without gaps: the state would be wrong after the first loss
changed$.pipe(scanSnapshot(() => [[]], same));
// @ts-expect-error -- a number of ms
watch({ staleAfter: '5s' });
declare const status$: Observable<SocketStatus>;
watch({ status$ });

export { forged, missing, none };
