import type { Observable, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, map, merge, take, timer } from 'rxjs';
import type { LiveConnection, OperationObserver } from '../connection/connection.js';
import { exponentialBackoff } from '../connection/reconnect/backoff.js';
import {
  ConnectionClosedError,
  hasErrorKind,
  isGraphQLSocketError,
  OperationError,
  SocketDisposedError,
} from '../errors.js';
import { errorsOfResult } from '../protocol/graphql-errors.js';
import type { PreparedRequest } from '../protocol/request.js';
import { throwLater } from '../rx/streams.js';
import type { Payload } from '../types.js';
import type { ConnectionListener } from './connection-source.js';

export interface OperationSettings<T> {
  /** Whether it is sent again after the server has completed it. */
  readonly restart: boolean;
  /** Whether an end without a value for the subscriber is an error. */
  readonly needsResult?: boolean | undefined;
  /** Gives the subscriber what is made of a result. */
  readonly deliver: (payload: Payload, subscriber: Subscriber<T>) => void;
}

/**
 * One operation of one subscriber, over connections as they come. A class, because each of ten thousand operations
 * would pay for closures of its own, in memory more than for all the rest of it.
 */
export class OperationSubscription<T> implements ConnectionListener, OperationObserver {
  readonly #request: PreparedRequest;
  readonly #settings: OperationSettings<T>;
  readonly #restart: Restart | undefined;
  readonly #subscriber: Subscriber<T>;
  #connection: LiveConnection | undefined;
  #operation: object | undefined;
  /** An error that is due, or the wait before a restart. */
  #waiting: Subscription | undefined;
  #last: Payload | undefined;
  #active = false;
  #lastConnection = false;
  sent = false;

  constructor(request: PreparedRequest, settings: OperationSettings<T>, subscriber: Subscriber<T>) {
    this.#request = request;
    this.#settings = settings;
    this.#restart = settings.restart ? new Restart() : undefined;
    this.#subscriber = subscriber;
  }

  get closed(): boolean {
    return this.#subscriber.closed;
  }

  connected(connection: LiveConnection): void {
    this.leave();
    this.#active = true;
    this.#connection = connection;
    this.#start(connection);
  }

  failed(error: unknown): void {
    this.#subscriber.error(error);
  }

  finished(): void {
    this.#lastConnection = true;
    if (this.#active) return;
    if (this.#request.type === 'subscription') this.#subscriber.complete();
    else this.#subscriber.error(new SocketDisposedError());
  }

  next(payload: Payload): void {
    if (this.#settings.needsResult) this.#last = payload;
    const connection = this.#connection;
    try {
      this.#settings.deliver(payload, this.#subscriber);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (connection) connection.useful = true;
  }

  error(error: unknown): void {
    const connection = this.#connection;
    this.#active = false;
    this.#operation = undefined;
    // a loss is not shown: the next connection is waited for
    if (this.#lastConnection && nameOf(error) === 'SocketDisposedError') this.finished();
    else if (this.#lastConnection || !isLoss(error)) this.#fail(error);
    if (this.#connection === connection) this.#connection = undefined;
  }

  complete(): void {
    const connection = this.#connection;
    this.#operation = undefined;
    if (this.#restart && connection) {
      this.#waiting = this.#restart.wait(connection).subscribe({
        next: () => {
          this.#start(connection);
        },
        error: (error: unknown) => {
          this.error(error);
        },
      });
      return;
    }
    this.#active = false;
    if (this.#settings.needsResult) {
      const errors = errorsOfResult(this.#last?.decode() ?? {});
      const missing = { message: 'completed without a result' };
      this.#fail(new OperationError(errors.length > 0 ? errors : [missing]));
    } else this.#subscriber.complete();
  }

  /** Ends the operation on the present connection. */
  leave(): void {
    const operation = this.#operation;
    this.#operation = undefined;
    if (operation) this.#connection?.stop(operation, this.#settings.needsResult);
    this.#waiting?.unsubscribe();
    this.#waiting = undefined;
  }

  #fail(error: unknown): void {
    // before the subscriber is told, because the connection may be left at once
    if (this.#connection) this.#connection.useful = false;
    this.#subscriber.error(error);
  }

  #start(connection: LiveConnection): void {
    try {
      this.#restart?.started();
      this.#operation = connection.start(this.#request, this);
      this.sent = true;
    } catch (error) {
      this.#waiting = throwLater(error).subscribe(this);
    }
    // an answer that came at once may have ended it
    if (this.closed) this.leave();
  }
}

const nameOf = (error: unknown) => isGraphQLSocketError(error) && error.name;

/** Whether an error says that the connection was lost, not that the operation failed. */
function isLoss(error: unknown): boolean {
  const name = nameOf(error);
  return (
    name !== false &&
    !hasErrorKind(error, 'culprit') &&
    !['OperationError', 'ConfigurationError', 'ConnectionLostError'].includes(name)
  );
}

/** ms after which an operation has lasted: the backoff begins anew. */
const lastingMs = 5_000;

/** The backoff of one operation that is sent again when the server completes it, because the server meant "come back". */
class Restart {
  readonly #backoff = exponentialBackoff();
  #attempt = 0;
  #startedAt = 0;

  /** The operation is sent. */
  started(): void {
    this.#startedAt = asyncScheduler.now();
  }

  /** Emits when it may be sent again. Errors when the connection is lost meanwhile. */
  wait({ lost$ }: LiveConnection): Observable<unknown> {
    if (asyncScheduler.now() - this.#startedAt >= lastingMs) this.#attempt = 0;
    this.#attempt += 1;
    const lost = map(() => {
      throw new ConnectionClosedError(1006, '', false);
    });
    return merge(timer(this.#backoff(undefined, this.#attempt)), lost$.pipe(lost)).pipe(take(1));
  }
}
