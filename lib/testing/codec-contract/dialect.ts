import type {
  ClientMessage,
  Codec,
  ExecutionResult,
  GraphQLFormattedError,
  ServerMessage,
} from 'rx-graphql-ws';

/** One promise of a codec, as a test for any runner. */
export interface CodecCase {
  /** The promise, as the name of a test. It is unique and stays the same between runs, so that you can skip a case by its name. */
  readonly name: string;
  /** Synchronous. @throws Error - the codec breaks the promise; `expected` and `actual` are texts, for runners that print a difference */
  readonly run: () => void;
}

/** A frame: the name of its type, short for `{ type }`; an object for its JSON; or a function that gives its JSON, or its text. */
export type WireFrame = string | object | (() => string | object);

/** A message of the server that belongs to no operation. An `unknown` message has no meaning, and does no harm. */
export type SessionMessage = Exclude<ServerMessage, { readonly id: string }>;

/** The frames of a dialect. The contract asks nothing about members that you leave out. */
export interface CodecDialect {
  /** Messages of the client, at least one of each type, and their frames; `undefined` where the client sends nothing. */
  readonly sends?: readonly (readonly [message: ClientMessage, wire: WireFrame | undefined])[];
  /** Frames of no operation, and their messages: whole, or the type. Between two names the payload must be the same; a `pong` may lack it. */
  readonly says?: readonly (readonly [
    wire: WireFrame,
    means: SessionMessage | SessionMessage['type'],
  ])[];
  /** A result: a function that gives the frame; or the name of its type, if the frame is `{ type, id, payload }`. */
  readonly next?: string | ((id: string, result: ExecutionResult) => string | object);
  /** The end of an operation with errors: a function; or the name of its type, if the payload is the list of errors. */
  readonly error?:
    string | ((id: string, errors: readonly GraphQLFormattedError[]) => string | object);
  /** The end of an operation: a function, or the name of its type. */
  readonly complete?: string | ((id: string) => string | object);
  /** Frames of other dialects, or of a client. The codec must ignore them as `unknown`, or refuse them. */
  readonly foreign?: readonly WireFrame[];
  /** Makes the codec with a replacer and a reviver, as `JSON.stringify` and `JSON.parse` take them. */
  readonly create?: (
    replacer?: (key: string, value: unknown) => unknown,
    reviver?: (key: string, value: unknown) => unknown,
  ) => Codec;
}

/** Writes the frames of operations; `undefined` for a kind that the dialect leaves out. */
export function wireOf({ next, error, complete }: CodecDialect) {
  return { next: writer(next), error: writer(error), complete: writer<undefined>(complete) };
}

function writer<TBody>(kind: string | ((id: string, body: TBody) => string | object) | undefined) {
  if (kind === undefined) return undefined;
  return (id: string, payload?: TBody) =>
    frameOf(
      typeof kind === 'string' ? { type: kind, id, payload } : () => kind(id, payload as TBody),
    );
}

export function frameOf(wire: WireFrame): string {
  if (typeof wire === 'string') return JSON.stringify({ type: wire });
  const frame: string | object =
    typeof wire === 'function' ? (wire as () => string | object)() : wire;
  return typeof frame === 'string' ? frame : JSON.stringify(frame);
}

export function samplesOf(dialect: CodecDialect): readonly string[] {
  const { next, error, complete } = wireOf(dialect);
  return [
    next?.('1', { data: { a: 1 } }),
    error?.('1', [{ message: 'm', path: ['a', 0], extensions: { code: 'X' } }]),
    complete?.('1'),
    ...(dialect.says ?? []).map(([wire]) => frameOf(wire)),
    ...(dialect.foreign ?? []).map(frameOf),
  ].filter((frame) => frame !== undefined);
}
