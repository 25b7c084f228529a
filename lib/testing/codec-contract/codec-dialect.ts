import type {
  ClientMessage,
  Codec,
  ExecutionResult,
  GraphQLFormattedError,
  ServerMessage,
} from 'rx-graphql-ws';

/**
 * A frame: a string is the name of its type, short for `{ type }`; an object is the frame's JSON; a function gives either the
 * JSON, as an object, or the text of a frame that is no JSON.
 */
export type WireFrame = string | object | (() => string | object);

/** What a server says that belongs to no operation; `unknown` is what means nothing, and does no harm. */
export type SessionMessage = Exclude<ServerMessage, { readonly id: string }>;

/** What the wire looks like in a dialect. Whatever is left out is not asked for. */
export interface CodecDialect {
  /** Messages of the client's, at least one of each type, and what the codec writes for them; `undefined` where nothing is sent. */
  readonly sends?: readonly (readonly [message: ClientMessage, wire: WireFrame | undefined])[];
  /**
   * What the server says that belongs to no operation, and what the codec makes of it: the type of a message, or all of it.
   * A frame that is given by name has its payload passed on as it came; of a `pong` nobody needs it.
   */
  readonly says?: readonly (readonly [
    wire: WireFrame,
    means: SessionMessage | SessionMessage['type'],
  ])[];
  /** A result: the name of its type, where the frame is `{ type, id, payload }`, or a function that gives the frame. */
  readonly next?: string | ((id: string, result: ExecutionResult) => string | object);
  /** What ends an operation with errors: the name of its type, where the payload is the list of errors, or a function. */
  readonly error?:
    string | ((id: string, errors: readonly GraphQLFormattedError[]) => string | object);
  /** What ends an operation: the name of its type, or a function. */
  readonly complete?: string | ((id: string) => string | object);
  /** Frames of other dialects, or of a client's: the codec takes them for `unknown`, or refuses them. */
  readonly foreign?: readonly WireFrame[];
  /** Makes the codec, where it writes with a replacer and reads with a reviver, as `JSON.stringify` and `JSON.parse` do. */
  readonly create?: (
    replacer?: (key: string, value: unknown) => unknown,
    reviver?: (key: string, value: unknown) => unknown,
  ) => Codec;
}
