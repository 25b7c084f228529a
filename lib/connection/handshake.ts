import type { OperatorFunction } from 'rxjs';
import { Observable, Subject } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { HandshakeError, printable } from '../errors.js';
import type { Codec } from '../protocol/codec.js';
import { graphqlTransportWs } from '../protocol/graphql-transport-ws.js';
import { chooseCodec } from '../protocol/negotiate.js';
import type { JsonReplacer, JsonReviver } from '../protocol/payload.js';
import { subscriptionsTransportWs } from '../protocol/subscriptions-transport-ws.js';
import type { DialledSocket, OpenSocket } from '../transport/dialled-socket.js';
import { defaultSubprotocols } from '../transport/subprotocols.js';
import type { Resolvable, Variables } from '../types.js';
import type { Connection, LiveConnection } from './connection.js';
import type { ConnectionOptions } from './create-connection.js';
import { createConnection } from './create-connection.js';
import { converse } from './converse.js';

/** What is said at the start, and in which protocol. */
export interface HandshakeOptions {
  /** Payload of `connection_init`; without it there is no `payload` key. @defaultValue none */
  connectionParams?: Resolvable<Variables | undefined> | undefined;
  /** ms from `connection_init` to `connection_ack`. `false` = for ever. @defaultValue `10_000` */
  ackTimeout?: number | false | undefined;
  /** Further dialects, looked up by subprotocol before the built-in two. */
  codecs?: readonly Codec[] | undefined;
  /** As in `JSON.parse`, for the payload of results. */
  jsonReviver?: JsonReviver | undefined;
  /** As in `JSON.stringify`, for what is sent. */
  jsonReplacer?: JsonReplacer | undefined;
}

/** What the socket object adds for all of its connections. */
export interface GreetingOptions extends HandshakeOptions, ConnectionOptions {
  readonly answerPings?: boolean | undefined;
  /** The subprotocols that the user asked for. */
  readonly requested: readonly string[];
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
export function handshake(
  options: HandshakeOptions = {},
): OperatorFunction<OpenSocket, Connection> {
  return greet({
    ...options,
    requested: defaultSubprotocols,
    generateId: counter(),
    suspects: new WeakSet(),
    tap: new Subject(),
  });
}

/** The handshake with what the socket object adds. */
export function greet(options: GreetingOptions): OperatorFunction<OpenSocket, Connection> {
  const { jsonReplacer, jsonReviver, codecs = [], requested } = options;
  const known = [
    ...codecs,
    graphqlTransportWs(jsonReplacer, jsonReviver),
    subscriptionsTransportWs(jsonReplacer, jsonReviver),
  ];
  return (socket$) =>
    new Observable((subscriber) => {
      let connection: LiveConnection | undefined;
      let leave: (() => void) | undefined;
      const upstream = socket$.subscribe({
        next(socket) {
          leave?.();
          const codec = chooseCodec(socket.subprotocol, requested, known);
          if (!codec) {
            // a name that the user gave and that no codec has may be a credential
            const known = !requested.includes(socket.subprotocol);
            const selected = known ? printable(socket.subprotocol) : '…';
            const message = `no common subprotocol: the server selected \`${selected}\``;
            (socket as Partial<DialledSocket>).end?.(1000);
            subscriber.error(new HandshakeError('subprotocol', message));
            return;
          }
          connection = createConnection(socket, codec, options);
          const ended = converse(socket, codec, connection, options, subscriber);
          leave = ended;
          if (subscriber.closed) ended();
        },
        error(error: GraphQLSocketError) {
          connection?.lose(error);
          subscriber.error(error);
        },
        complete() {
          if (!connection) subscriber.complete();
        },
      });
      return () => {
        // before the socket is let go: the server is told
        leave?.();
        upstream.unsubscribe();
      };
    });
}

/** Operation ids "1", "2", …: for a whole socket object, so that none is used twice. */
export function counter(): () => string {
  let last = 0;
  return () => String((last += 1));
}
