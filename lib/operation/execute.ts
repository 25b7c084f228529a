import type { OperatorFunction, Subscriber } from 'rxjs';
import { asyncScheduler, Observable } from 'rxjs';
import type { Connection } from '../connection/connection.js';
import { ConnectionError } from '../errors.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest, traitsOf } from '../protocol/request.js';
import { throwLater } from '../throw-later.js';
import type { Payload, RequestInput, Variables } from '../types.js';
import type { ConnectionSource } from './fan-out.js';
import { fanOut } from './fan-out.js';
import type { RunSettings } from './run.js';
import { Run } from './run.js';

/** How one operation is run. */
export interface OperationOptions {
  /** Whether it is sent again after the connection was lost. @defaultValue `true`, for a mutation `false` */
  resend?: boolean | undefined;
  /** What a subscription does that the server completes; `restart`: it is sent again, with backoff. @defaultValue `'complete'` */
  onServerComplete?: 'complete' | 'restart' | undefined;
}

/** What the socket object adds. */
export interface RunOptions extends PrepareOptions {
  readonly sendWithin?: number | undefined;
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
      () => fanOut(connection$),
      request,
      options,
      (payload, subscriber) => {
        subscriber.next(payload as Payload<TData>);
      },
    );
}

/** {@link execute}, for the socket object: on connections that many operations share, and delivering what is made of each result. */
export function runOperation<TData, TVariables, T>(
  source: () => ConnectionSource,
  request: RequestInput<TData, TVariables>,
  options: RunOptions,
  deliver: RunSettings<T>['deliver'],
): Observable<T> {
  return new Observable((subscriber) => {
    try {
      return run(source(), request, options, deliver, subscriber);
    } catch (error) {
      return throwLater(error).subscribe(subscriber);
    }
  });
}

function run<TData, TVariables, T>(
  source: ConnectionSource,
  request: RequestInput<TData, TVariables>,
  options: RunOptions,
  deliver: RunSettings<T>['deliver'],
  subscriber: Subscriber<T>,
): () => void {
  const prepared = prepareRequest(request, options);
  const isSubscription = traitsOf(prepared).type === 'subscription';
  const restart = options.onServerComplete === 'restart' && isSubscription;
  const running = new Run(prepared, { restart, deliver }, subscriber);
  const { sendWithin } = options;
  if (sendWithin !== undefined) failUnlessSent(running, sendWithin, subscriber);
  source.add(running);
  return () => {
    // before the connection is let go: the server is told
    running.leave();
    source.remove(running);
  };
}

function failUnlessSent<T>(
  running: { readonly sent: boolean },
  sendWithin: number,
  subscriber: Subscriber<T>,
): void {
  subscriber.add(
    asyncScheduler.schedule(() => {
      if (running.sent) return;
      const message = `not sent within ${sendWithin} ms: there was no connection`;
      subscriber.error(new ConnectionError(message));
    }, sendWithin),
  );
}
