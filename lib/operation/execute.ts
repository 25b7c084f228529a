import type { Observable, OperatorFunction } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { ConnectionError, inMs } from '../errors.js';
import type { PreparedRequest, PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import { guarded } from '../rx/streams.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import { ConnectionSource } from './connection-source.js';
import type { OperationSettings } from './operation-subscription.js';
import { OperationSubscription } from './operation-subscription.js';

/** How one operation is run. */
export interface OperationOptions {
  /** Whether it is sent again after the connection was lost. @defaultValue `true`, for a mutation `false` */
  resend?: boolean | undefined;
  /** The end of a subscription that the server completes; `restart`: the subscription is sent again, with backoff. @defaultValue `'complete'` */
  onServerComplete?: 'complete' | 'restart' | undefined;
}

/** The part of a socket object's options that is added to {@link OperationOptions}. */
export interface RunOptions extends PrepareOptions {
  readonly sendWithin?: number | undefined;
  /** See {@link OperationSettings}. */
  readonly needsResult?: boolean;
  readonly onServerComplete?: OperationOptions['onServerComplete'];
}

/**
 * Runs an operation over connections as they come: sends it on the first, and again, under a fresh id, on each that follows
 * a loss. Nothing is seen of that downstream. Unsubscribing tells the server.
 *
 * @throws OperationError - the server refused or failed it. ConnectionLostError - a mutation was sent, and the connection lost.
 * ConnectionClosedError - the server closed over this very operation (4400, 4500). ConfigurationError - a request that cannot be
 * sent. Whatever ends the connections.
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
  return (connection$) =>
    runOperation(
      () => new ConnectionSource(connection$),
      () => prepareRequest(request, options),
      options,
      (payload, subscriber) => {
        subscriber.next(payload as Payload<TData>);
      },
    );
}

/**
 * {@link execute} on connections that many operations share. The subscriber gets what `deliver` makes of each result. `source` and `prepare`
 * are called for each subscription, and an error of theirs is delivered asynchronously.
 */
export function runOperation<T>(
  source: () => ConnectionSource,
  prepare: () => PreparedRequest,
  options: RunOptions,
  deliver: OperationSettings<T>['deliver'],
): Observable<T> {
  const { onServerComplete, sendWithin, needsResult } = options;
  return guarded((subscriber) => {
    const connections = source();
    const prepared = prepare();
    const restart = onServerComplete === 'restart' && prepared.type === 'subscription';
    const settings = { restart, deliver, needsResult };
    const operation = new OperationSubscription(prepared, settings, subscriber);
    if (sendWithin !== undefined) {
      const late = () => {
        const message = `not sent within ${inMs(sendWithin)}: there was no connection`;
        if (!operation.sent) subscriber.error(new ConnectionError(message));
      };
      subscriber.add(asyncScheduler.schedule(late, sendWithin));
    }
    connections.add(operation);
    return () => {
      // before the connection is let go, so that the server is told
      operation.leave();
      connections.remove(operation);
    };
  });
}
