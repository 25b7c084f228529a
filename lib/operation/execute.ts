import type { OperatorFunction, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, Observable } from 'rxjs';
import { ConnectionError, isGraphQLSocketError, SocketDisposedError } from '../errors.js';
import type { Connection } from '../connection/connection.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { prepareRequest, traitsOf } from '../protocol/request.js';
import { throwLater } from '../throw-later.js';
import type { Payload, RequestInput, Variables } from '../types.js';

/** How one operation is run. */
export interface OperationOptions {
  /** Whether it is sent again after the connection was lost. @defaultValue `true`, for a mutation `false` */
  resend?: boolean | undefined;
}

/** What the socket object adds. */
export interface RunOptions extends PrepareOptions {
  readonly sendWithin?: number | undefined;
}

/**
 * Runs an operation over connections as they come: sends it on the first, and again, under a fresh id, on each that follows
 * a loss. Nothing is seen of that downstream. Unsubscribing tells the server.
 *
 * @throws OperationError - the server refused or failed it. ConnectionLostError - a mutation was sent, and the connection lost.
 * ConfigurationError - a request that cannot be sent. Whatever ends the connections.
 *
 * @example
 * ```ts
 * socket.connection$.pipe(execute('subscription { ticks }'), decode(), selectData());
 * ```
 */
export function execute<TData = unknown, TVariables = Variables>(
  request: RequestInput<TData, TVariables>,
  options: OperationOptions = {},
): OperatorFunction<Connection, Payload<TData>> {
  return runOperation(request, options);
}

/** {@link execute}, for the socket object. */
export function runOperation<TData, TVariables>(
  request: RequestInput<TData, TVariables>,
  options: RunOptions,
): OperatorFunction<Connection, Payload<TData>> {
  return (connection$) =>
    new Observable((subscriber) => {
      try {
        const prepared = prepareRequest(request, options);
        return run(connection$, prepared, options.sendWithin, subscriber);
      } catch (error) {
        return throwLater(error).subscribe(subscriber);
      }
    });
}

function run(
  connection$: Observable<Connection>,
  request: PreparedRequest,
  sendWithin: number | undefined,
  subscriber: Subscriber<Payload>,
): () => void {
  let running: Subscription | undefined;
  let lastConnection = false;
  let deadline: Subscription | undefined;

  const send = (connection: Connection) => {
    running?.unsubscribe();
    deadline?.unsubscribe();
    const sent = connection.execute(request).subscribe({
      next(payload) {
        subscriber.next(payload);
      },
      error(error: unknown) {
        // of a loss nothing is seen: the next connection is waited for
        if (lastConnection || !isLoss(error)) subscriber.error(error);
      },
      complete() {
        subscriber.complete();
      },
    });
    running = sent;
    // unsubscribed meanwhile, by an answer that came at once
    if (subscriber.closed) sent.unsubscribe();
  };
  if (sendWithin !== undefined) {
    deadline = asyncScheduler.schedule(() => {
      const message = `not sent within ${sendWithin} ms: there was no connection`;
      subscriber.error(new ConnectionError(message));
    }, sendWithin);
  }
  const upstream = connection$.subscribe({
    next: send,
    error(error: unknown) {
      subscriber.error(error);
    },
    complete() {
      lastConnection = true;
      if (running?.closed === false) return;
      if (traitsOf(request).type === 'subscription') subscriber.complete();
      else subscriber.error(new SocketDisposedError());
    },
  });
  return () => {
    deadline?.unsubscribe();
    // before the connection is let go: the server is told
    running?.unsubscribe();
    upstream.unsubscribe();
  };
}

/** Whether an error says that the connection was lost, not that the operation failed. */
function isLoss(error: unknown): boolean {
  if (!isGraphQLSocketError(error)) return false;
  return !['OperationError', 'ConfigurationError', 'ConnectionLostError'].includes(error.name);
}
