import type { OperatorFunction } from 'rxjs';
import { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { HandshakeError, printable } from '../errors.js';
import type { BuiltInCodec, Codec } from '../protocol/codec.js';
import { graphqlTransportWs } from '../protocol/graphql-transport-ws.js';
import { chooseCodec } from '../protocol/negotiation.js';
import type { JsonReplacer, JsonReviver } from '../protocol/payload.js';
import type { PrepareOptions } from '../protocol/request.js';
import { subscriptionsTransportWs } from '../protocol/subscriptions-transport-ws.js';
import type { LiveSocket, OpenSocket } from '../transport/socket.js';
import { adaptSocket } from '../transport/socket.js';
import type { RequestFields } from '../types.js';
import type { Connection } from './connection.js';
import { CulpritSearch } from './culprit-search.js';
import { OwnConnection } from './live-connection.js';
import type { SessionOptions } from './read-messages.js';
import { createServerExperience } from './server-experience.js';
import { readMessages } from './read-messages.js';

/** The start of a connection, and its protocol. */
export interface HandshakeOptions extends SessionOptions {
  /** Further dialects, looked up by subprotocol before the built-in two. */
  codecs?: readonly Codec[] | undefined;
  /** As in `JSON.parse`, for the payload of results. */
  jsonReviver?: JsonReviver | undefined;
  /** As in `JSON.stringify`, for what is sent. */
  jsonReplacer?: JsonReplacer | undefined;
  /**
   * Operation ids, one for each send; none may be given twice. The request is the one that was given, the document as text: its variables,
   * extensions and further fields may hold secrets. Functions in it were not called yet.
   *
   * @defaultValue `"1"`, `"2"`, …
   *
   * @example
   * ```ts
   * generateId: ({ operationName = 'operation' }) => `${operationName}-${crypto.randomUUID()}`
   * ```
   */
  generateId?: ((request: RequestFields) => string) | undefined;
}

/** The second argument that a socket object passes to {@link handshake}. */
export interface HandshakeContext extends Pick<PrepareOptions, 'print'> {
  readonly answerPings?: boolean | undefined;
  /** Whether a lost connection is replaced. @defaultValue true */
  readonly reconnects?: boolean | undefined;
}

/**
 * Sends `connection_init` when the socket opens, and emits the connection when the server acknowledges. Until then nothing
 * else is sent but pongs.
 *
 * @throws HandshakeError - no ack within `ackTimeout`, rejected, or a subprotocol without codec. ProtocolError - a
 * malformed frame, or an operation's message before the ack.
 *
 * @example
 * ```ts
 * openSocket({ url }).pipe(handshake({ connectionParams: () => ({ token: currentToken() }) }));
 * ```
 */
export function handshake(options?: HandshakeOptions): OperatorFunction<OpenSocket, Connection>;
/** @internal */
export function handshake(
  options: HandshakeOptions | undefined,
  context: HandshakeContext,
): OperatorFunction<OpenSocket, Connection>;
export function handshake(
  options: HandshakeOptions = {},
  { print, answerPings, reconnects }: HandshakeContext = {},
): OperatorFunction<OpenSocket, Connection> {
  const { generateId = counter() } = options;
  const known = codecsOf(options);
  const readerOptions = { ...options, answerPings };
  return (socket$) => {
    const connectionOptions = { print, generateId, ...createMemory(reconnects) };
    return new Observable((subscriber) => {
      let connection: OwnConnection | undefined;
      let leave: (() => void) | undefined;
      const upstream = socket$.subscribe({
        next(given) {
          leave?.();
          const socket = adaptSocket(given);
          const codec = chooseCodec(socket.subprotocol, socket.session().requested, known);
          if (!codec) {
            subscriber.error(socket.close(noCodec(socket), 1000));
            return;
          }
          connection = new OwnConnection(socket, codec, connectionOptions);
          leave = readMessages(socket, codec, connection, readerOptions, subscriber);
          if (subscriber.closed) leave();
        },
        error(error: GraphQLSocketError) {
          connection?.lose(() => error);
          subscriber.error(error);
        },
        complete() {
          if (!connection) subscriber.complete();
        },
      });
      return () => {
        // before the socket is let go, so that the server is told
        leave?.();
        upstream.unsubscribe();
      };
    });
  };
}

/** The state that outlives a connection: all connections of one pipeline share it. */
function createMemory(reconnects: boolean | undefined) {
  return { search: new CulpritSearch(reconnects), experience: createServerExperience() };
}

function codecsOf({ codecs = [], jsonReplacer, jsonReviver }: HandshakeOptions) {
  return [
    ...codecs.map(readingText),
    graphqlTransportWs(jsonReplacer, jsonReviver),
    subscriptionsTransportWs(jsonReplacer, jsonReviver),
  ];
}

function noCodec({ subprotocol, session }: LiveSocket): HandshakeError {
  // a name that the user gave and that no codec has may be a credential
  const selected = session().requested.includes(subprotocol) ? '…' : printable(subprotocol);
  const message = `no common subprotocol: the server selected \`${selected}\``;
  return new HandshakeError('subprotocol', message);
}

/** A user's codec reads text only. */
function readingText(codec: Codec): BuiltInCodec {
  const { subprotocol, canPing } = codec;
  return {
    subprotocol,
    canPing,
    encode: (message) => codec.encode(message),
    decode: (frame) => codec.decode(String(frame)),
  };
}

/** Operation ids "1", "2", …: one counter for all connections, so that no id is used twice. */
function counter(): () => string {
  let last = 0;
  return () => String((last += 1));
}
