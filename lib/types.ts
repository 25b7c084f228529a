/** GraphQL request and result shapes: structural, so that `graphql` is never imported. Types only. */
declare global {
  // for consumers whose lib is ES2022 alone, in the manner of @types/node
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface URL {
    toJSON(): string;
  }
}

/** Matches TypedDocumentNode, gql.tada documents and codegen's TypedDocumentString. */
export interface TypedDocument<TData, TVariables> {
  __apiType?: ((variables: TVariables) => TData) | undefined;
}

/** A DocumentNode without types. */
export interface UntypedDocument {
  readonly kind: string;
  readonly definitions: readonly unknown[];
  readonly loc?: unknown;
  readonly __apiType?: never;
}

export type GraphQLDocument<TData, TVariables> =
  string | UntypedDocument | TypedDocument<TData, TVariables>;

/** Any object of variables. Not `Record<string, unknown>`, which refuses interfaces; promises and functions stay refused. */
export interface Variables {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- `any` is what lets interfaces in
  readonly [key: string]: any;
  readonly then?: never;
  readonly call?: never;
}

/**
 * `variables` and `extensions` may be functions. Each is called once for every send, at once before it: for the first one, and for each that
 * follows a loss, a `complete` with `onServerComplete: 'restart'`, or a new subscription. At that moment every value that came before the send
 * has been delivered, and none that comes behind it. A function can thus make the server begin behind the last value; `recover` of
 * `rx-graphql-ws/recovery` does so.
 *
 * @example
 * ```ts
 * let last = 0;
 * socket
 *   .subscribe$<{ event: { at: number } }>({ query, variables: () => ({ since: last }) })
 *   .subscribe(({ event }) => (last = event.at));
 * ```
 */
export type GraphQLRequest<TData = unknown, TVariables = Variables> = {
  readonly query: GraphQLDocument<TData, TVariables>;
  readonly operationName?: string | undefined;
  readonly extensions?: Variables | (() => Variables) | undefined;
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- `{}` asks whether every variable is optional
} & ({} extends TVariables
  ? { readonly variables?: NoInfer<TVariables | (() => TVariables)> | undefined }
  : { readonly variables: NoInfer<TVariables | (() => TVariables)> });

/** The first argument of `subscribe$` and its like: a document alone, where no variable is required, or a request. */
export type RequestInput<TData, TVariables> =
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- as above
  | ({} extends TVariables ? GraphQLDocument<TData, TVariables> : never)
  | GraphQLRequest<TData, TVariables>;

/** A request as it was sent. */
export interface SentRequest<TVariables = Variables> {
  readonly query: string;
  readonly variables: TVariables;
  readonly operationName?: string;
  readonly extensions?: Variables;
}

/** GraphQL specification, section 7.1.2. */
export interface GraphQLFormattedError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly [key: string]: unknown };
}

/** GraphQL specification, section 7.1. */
export interface ExecutionResult<TData = unknown> {
  readonly data?: TData | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: { readonly [key: string]: unknown };
  readonly hasNext?: boolean;
}

/** A result that was not parsed yet. */
export interface Payload<TData = unknown> {
  /** The payload's JSON, without the operation's id: equal results have equal texts. */
  readonly text: string;
  /** @throws ProtocolError when it is not JSON, or not the shape of a result. */
  decode(): ExecutionResult<TData>;
}
