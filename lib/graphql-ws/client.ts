/** The types of graphql-ws' client: structural, so that graphql-ws is not needed. Types only. */
import type { GraphQLFormattedError } from 'rx-graphql-ws';

/** An operation. A field that is null or undefined is not sent. */
export interface GraphQLWsRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/** A result. Errors in it do not end the operation. */
export interface GraphQLWsResult<
  Data = Record<string, unknown>,
  Extensions = Record<string, unknown>,
> {
  data?: Data | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Extensions;
  hasNext?: boolean;
}

/** Receives what an operation gives. */
export interface GraphQLWsSink<T> {
  next(value: T): void;
  /**
   * The operation is over: an array of GraphQL errors if the server refused it with an `error` message, otherwise a `GraphQLSocketError`.
   * A `ConnectionClosedError` has the `code`, `reason` and `wasClean` of a close event.
   */
  error(error: unknown): void;
  /** The server has completed the operation, or it was left. */
  complete(): void;
}

/** The connection that a listener is told of. */
export interface GraphQLWsSocket {
  /** 1 while it is open, then 3, as `WebSocket.OPEN` and `WebSocket.CLOSED`. */
  readonly readyState: number;
  /** Closes it and dials again (`reconnect`). Does nothing once it is closed. */
  close(code?: number, reason?: string): void;
}

/** The end of a connection, or of an attempt to open one: 1006. */
export interface GraphQLWsCloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** A message of the server, under the names of the current protocol on the legacy one, too. */
export interface GraphQLWsMessage {
  readonly type: string;
  readonly id?: string | undefined;
  readonly payload?: unknown;
}

/** The listeners, by the name of their event. */
export interface GraphQLWsListeners {
  /** A dial begins. */
  connecting(isRetry: boolean): void;
  /** A WebSocket is open. */
  opened(socket: GraphQLWsSocket): void;
  /** The server has acknowledged it. */
  connected(
    socket: GraphQLWsSocket,
    payload: Record<string, unknown> | undefined,
    wasRetry: boolean,
  ): void;
  ping(received: boolean, payload: Record<string, unknown> | undefined): void;
  pong(received: boolean, payload: Record<string, unknown> | undefined): void;
  /** A valid message was received. */
  message(message: GraphQLWsMessage): void;
  closed(event: GraphQLWsCloseEvent): void;
  /** An attempt or a connection failed otherwise than by a close of the server. */
  error(error: unknown): void;
}

/** The client of graphql-ws 6. */
export interface GraphQLWsClient {
  /** Listens, until the returned function is called. */
  on(event: 'connecting', listener: GraphQLWsListeners['connecting']): () => void;
  on(event: 'opened', listener: GraphQLWsListeners['opened']): () => void;
  on(event: 'connected', listener: GraphQLWsListeners['connected']): () => void;
  on(event: 'ping', listener: GraphQLWsListeners['ping']): () => void;
  on(event: 'pong', listener: GraphQLWsListeners['pong']): () => void;
  on(event: 'message', listener: GraphQLWsListeners['message']): () => void;
  on(event: 'closed', listener: GraphQLWsListeners['closed']): () => void;
  on(event: 'error', listener: GraphQLWsListeners['error']): () => void;
  /** Runs an operation. Returns a function that leaves it; `sink.complete` is called after that. */
  subscribe<Data = Record<string, unknown>, Extensions = Record<string, unknown>>(
    payload: GraphQLWsRequest,
    sink: GraphQLWsSink<GraphQLWsResult<Data, Extensions>>,
  ): () => void;
  /** Runs an operation at once. Results wait for the loop, however many. */
  iterate<Data = Record<string, unknown>, Extensions = Record<string, unknown>>(
    payload: GraphQLWsRequest,
  ): AsyncIterableIterator<GraphQLWsResult<Data, Extensions>>;
  /** Closes the socket object. Resolves when its last WebSocket has closed. */
  dispose(): Promise<void>;
  /** Drops the connection with 4499, and dials again. */
  terminate(): void;
}
