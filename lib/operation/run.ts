import type { Subscriber, Subscription } from 'rxjs';
import type { Connection, LiveConnection } from '../connection/connection.js';
import type { Operation, OperationObserver } from '../connection/operation.js';
import { isMarked } from '../error-marks.js';
import { isGraphQLSocketError, SocketDisposedError } from '../errors.js';
import type { PreparedRequest } from '../protocol/request.js';
import { traitsOf } from '../protocol/request.js';
import { throwLater } from '../throw-later.js';
import type { Payload } from '../types.js';
import type { ConnectionListener } from './fan-out.js';
import { createRestart } from './restart.js';

/** What the runs of one operation have in common. */
export interface RunSettings<T> {
  readonly restart: boolean;
  /** Makes of a result what the subscriber gets. */
  readonly deliver: (payload: Payload, subscriber: Subscriber<T>) => void;
}

/**
 * One operation, over connections as they come. A class, unlike all else here but the payload: of ten thousand operations each
 * would pay for closures of its own, in memory more than for all the rest of it.
 */
export class Run<T> implements ConnectionListener, OperationObserver {
  readonly #request: PreparedRequest;
  readonly #deliver: RunSettings<T>['deliver'];
  readonly #restart: ReturnType<typeof createRestart<Payload>> | undefined;
  readonly #subscriber: Subscriber<T>;
  #connection: LiveConnection | undefined;
  #operation: Operation | undefined;
  /** In place of the two on a connection that is not ours, or where the operation may be run again on the same. */
  #stream: Subscription | undefined;
  #active = false;
  #lastConnection = false;
  sent = false;

  constructor(
    request: PreparedRequest,
    { restart, deliver }: RunSettings<T>,
    subscriber: Subscriber<T>,
  ) {
    this.#request = request;
    this.#deliver = deliver;
    this.#restart = restart ? createRestart() : undefined;
    this.#subscriber = subscriber;
  }

  get closed(): boolean {
    return this.#subscriber.closed;
  }

  connected(connection: Connection): void {
    this.leave();
    this.#active = true;
    if (this.#restart || !('start' in connection)) this.#streamFrom(connection);
    else this.#start(connection as LiveConnection);
    // unsubscribed meanwhile, by an answer that came at once
    if (this.closed) this.leave();
  }

  failed(error: unknown): void {
    this.#subscriber.error(error);
  }

  finished(): void {
    this.#lastConnection = true;
    if (this.#active) return;
    if (traitsOf(this.#request).type === 'subscription') this.#subscriber.complete();
    else this.#subscriber.error(new SocketDisposedError());
  }

  next(payload: Payload): void {
    try {
      this.#deliver(payload, this.#subscriber);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  error(error: unknown): void {
    this.#active = false;
    this.#connection = this.#operation = undefined;
    // of a loss nothing is seen: the next connection is waited for
    if (this.#lastConnection && isDisposal(error)) this.finished();
    else if (this.#lastConnection || !isLoss(error)) this.#subscriber.error(error);
  }

  complete(): void {
    this.#active = false;
    this.#subscriber.complete();
  }

  /** Ends what runs on the latest connection. */
  leave(): void {
    if (this.#operation) this.#connection?.stop(this.#operation);
    this.#stream?.unsubscribe();
    this.#operation = this.#stream = undefined;
  }

  #start(connection: LiveConnection): void {
    try {
      this.#connection = connection;
      this.#operation = connection.start(this.#request, this);
      this.sent = true;
    } catch (error) {
      this.#stream = throwLater(error).subscribe(this);
    }
  }

  #streamFrom(connection: Connection): void {
    const payload$ = connection.execute(this.#request);
    const restarted$ = this.#restart ? payload$.pipe(this.#restart(connection)) : payload$;
    this.sent = true;
    this.#stream = restarted$.subscribe(this);
  }
}

function isDisposal(error: unknown): boolean {
  return isGraphQLSocketError(error) && error.name === 'SocketDisposedError';
}

/** Whether an error says that the connection was lost, not that the operation failed. */
function isLoss(error: unknown): boolean {
  if (!isGraphQLSocketError(error)) return false;
  return (
    !isMarked(error, 'culprit') &&
    !['OperationError', 'ConfigurationError', 'ConnectionLostError'].includes(error.name)
  );
}
