// What a request may be, and what is inferred from it. Compiled, never run.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode } from 'graphql';
import type { Observable } from 'rxjs';
import type {
  Connection,
  ExecutionResult,
  GraphQLSocket,
  OpenSocket,
  Payload,
  Variables,
} from 'rx-graphql-ws';
import { decode, execute, handshake, keepAlive, openSocket, selectData } from 'rx-graphql-ws';
import type { Same } from './expect.js';
import { expectTrue } from './expect.js';

interface Price {
  readonly price: number;
}
interface Required {
  base: string;
  limit?: number | undefined;
}
interface Optional {
  limit?: number | undefined;
}

/** As the client preset of graphql-code-generator emits it with `documentMode: 'string'`. */
declare class TypedDocumentString<TResult, TVariables> extends String {
  __apiType?: (variables: TVariables) => TResult;
  override toString(): string;
}

/** As gql.tada and the `TypedDocumentNode` helper types shape it. */
interface StructuralDocument<TResult, TVariables> extends DocumentNode {
  __apiType?: (variables: TVariables) => TResult;
}

declare const socket: GraphQLSocket;
declare const node: TypedDocumentNode<Price, Required>;
declare const nodeOptional: TypedDocumentNode<Price, Optional>;
declare const text: TypedDocumentString<Price, Required>;
declare const textWithout: TypedDocumentString<Price, { [key: string]: never }>;
declare const structural: StructuralDocument<Price, Required>;
declare const untyped: DocumentNode;

// ── data is inferred, or named ────────────────────────────────────────────────────────────────────
const variables = { base: 'SOL' };
const inferred = [
  socket.subscribe$({ query: node, variables }),
  socket.subscribe$({ query: text, variables }),
  socket.subscribe$({ query: structural, variables }),
  socket.subscribe$({ query: nodeOptional }),
  socket.subscribe$(nodeOptional),
  socket.subscribe$(textWithout),
  socket.subscribe$<Price>('subscription { price }'),
  socket.subscribe$<Price>(untyped),
  socket.subscribe$<Price, Required>({
    query: 'subscription ($base: String!) { price }',
    variables,
  }),
  socket.query$({ query: node, variables }),
  socket.mutate$({ query: text, variables }),
] as const;
expectTrue<Same<(typeof inferred)[number], Observable<Price>>>();

const results = socket.execute$({ query: node, variables });
expectTrue<Same<typeof results, Observable<ExecutionResult<Price>>>>();
const payloads = socket.payload$({ query: node, variables });
expectTrue<Same<typeof payloads, Observable<Payload<Price>>>>();
const unknowns = [socket.subscribe$('subscription { price }'), socket.subscribe$(untyped)] as const;
expectTrue<Same<(typeof unknowns)[number], Observable<unknown>>>();

// ── the stages infer the same ─────────────────────────────────────────────────────────────────────
const opened = openSocket({ url: 'wss://example.org' });
expectTrue<Same<typeof opened, Observable<OpenSocket>>>();
const connected = opened.pipe(handshake(), keepAlive());
expectTrue<Same<typeof connected, Observable<Connection>>>();
const staged = connected.pipe(execute({ query: node, variables }), decode(), selectData());
expectTrue<Same<typeof staged, Observable<Price>>>();

// ── variables: required where they are, optional where all are ────────────────────────────────────
// @ts-expect-error -- `base` is required
socket.subscribe$(node);
// @ts-expect-error -- `base` is required
socket.subscribe$(text);
// @ts-expect-error -- `base` is required
socket.subscribe$({ query: node });
// @ts-expect-error -- `base` is required
socket.subscribe$({ query: structural, variables: { limit: 1 } });
// @ts-expect-error -- not of that type
socket.subscribe$({ query: node, variables: { base: 1 } });
// @ts-expect-error -- no such variable
socket.subscribe$({ query: node, variables: { base: 'SOL', limt: 1 } });
// @ts-expect-error -- no such variable
socket.subscribe$({ query: text, variables: { base: 'SOL', limt: 1 } });
// @ts-expect-error -- no such variable
socket.subscribe$({ query: nodeOptional, variables: { limt: 1 } });
// @ts-expect-error -- not of that type
socket.query$({ query: nodeOptional, variables: { limit: '1' } });
// @ts-expect-error -- takes no variables
socket.mutate$({ query: textWithout, variables: { base: 'SOL' } });
socket.subscribe$({ query: nodeOptional, variables: { limit: 1 } });
socket.subscribe$({ query: nodeOptional, variables: undefined });

// ── variables and extensions as functions ─────────────────────────────────────────────────────────
socket.subscribe$({ query: node, variables: () => ({ base: 'SOL' }) });
socket.subscribe$({ query: node, variables, extensions: () => ({ authorization: 'x' }) });
// @ts-expect-error -- returns what is not a variable
socket.subscribe$({ query: node, variables: () => ({ base: 1 }) });
// @ts-expect-error -- a promise never settles in time
socket.subscribe$({ query: node, variables: Promise.resolve({ base: 'SOL' }) });
// @ts-expect-error -- nor from a function
socket.subscribe$({ query: node, variables: () => Promise.resolve({ base: 'SOL' }) });
// @ts-expect-error -- a promise is no object of variables
socket.subscribe$({ query: 'subscription { price }', variables: Promise.resolve({}) });
// @ts-expect-error -- nor are extensions
socket.subscribe$({ query: 'subscription { price }', extensions: Promise.resolve({}) });

// ── an interface is an object of variables ────────────────────────────────────────────────────────
declare const asInterface: Required;
socket.subscribe$({ query: 'subscription { price }', variables: asInterface });
const general: Variables = asInterface;
socket.subscribe$({ query: 'subscription { price }', variables: general });
// @ts-expect-error -- a function is not
const notVariables: Variables = () => undefined;

// ── a document by its name ────────────────────────────────────────────────────────────────────────
socket.subscribe$<Price>({ documentId: 'abc', variables: { limit: 1 } });
socket.query$<Price>({ query: '', documentId: 'abc' });
socket.query$<Price>({ doc_id: '7' });
socket.mutate$<Price>({ extensions: () => ({ persistedQuery: { version: 1 } }) });
const byName = socket.subscribe$<Price, Required>({ documentId: 'abc', variables });
expectTrue<Same<typeof byName, Observable<Price>>>();
const textAndName = socket.subscribe$({ query: node, variables, documentId: 'abc' });
expectTrue<Same<typeof textAndName, Observable<Price>>>();
const withMore = { query: 'subscription { price }', tenant: 't' };
socket.subscribe$(withMore);
// @ts-expect-error -- `base` is required
socket.subscribe$<Price, Required>({ documentId: 'abc' });
// @ts-expect-error -- an id is text
socket.subscribe$({ documentId: 7 });
// @ts-expect-error -- no name
socket.subscribe$({ operationName: 'Prices' });

// ── what is no request ────────────────────────────────────────────────────────────────────────────
// @ts-expect-error -- a number
socket.subscribe$(1);
// @ts-expect-error -- no document
socket.subscribe$({ variables: {} });
// @ts-expect-error -- not a document
socket.subscribe$({ query: { definitions: 1 } });
// @ts-expect-error -- a typo
socket.subscribe$({ query: 'subscription { price }', operation: 'Prices' });

export type { notVariables };
