import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import {
  ConnectionClosedError,
  ConnectionLostError,
  OperationError,
  SocketDisposedError,
} from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import type { PreparedRequest } from '../protocol/request.js';
import { notSerialisable, toSentRequest, traitsOf } from '../protocol/request.js';
import { throwLater } from '../throw-later.js';
import type { Payload } from '../types.js';
import { callUser, must } from '../validate.js';

/** The operations under way on one connection, by id. */
export interface Operations {
  /** Sends the request when subscribed, and routes the answers to the subscriber. */
  run(request: PreparedRequest): Observable<Payload>;
  /** Hands a message to its operation; false when there is none. */
  route(message: ServerMessage & { readonly id: string }): boolean;
  /** Tells the server that all of them end. */
  stop(): void;
  /** The connection is gone: those that were answered complete, the others error. */
  lose(error: GraphQLSocketError): void;
}

interface Operation {
  readonly subscriber: Subscriber<Payload>;
  readonly request: PreparedRequest;
  answered?: boolean;
  /** The server was told that it ends. */
  stopped?: boolean;
}

export function createOperations(
  send: (message: ClientMessage) => void,
  generateId: () => string,
  isOver: () => boolean,
): Operations {
  // a Map: ids come from the server, and `__proto__` is one
  const operations = new Map<string, Operation>();
  let lost: GraphQLSocketError | undefined;
  const checkId = must(
    'a function that returns a fresh string',
    (id) => typeof id === 'string' && id && !operations.has(id),
  );
  const stop = (id: string, operation: Operation) => {
    if (operation.answered || operation.stopped) return;
    operation.stopped = true;
    send({ type: 'complete', id });
  };
  const start = (request: PreparedRequest, subscriber: Subscriber<Payload>) => {
    if (isOver()) throw lost ?? new ConnectionClosedError(1006, '', false);
    const payload = toSentRequest(request);
    const id = callUser('generateId', generateId);
    checkId('generateId', id);
    const operation: Operation = { subscriber, request };
    // before it is sent: the answer may come at once
    operations.set(id, operation);
    try {
      send({ type: 'subscribe', id, payload });
    } catch (cause) {
      operations.delete(id);
      throw notSerialisable(payload, cause);
    }
    return () => {
      if (operations.delete(id)) stop(id, operation);
    };
  };

  return {
    run: (request) =>
      new Observable((subscriber) => {
        try {
          return start(request, subscriber);
        } catch (error) {
          return throwLater(error).subscribe(subscriber);
        }
      }),
    route(message) {
      const operation = operations.get(message.id);
      if (!operation) return false;
      const { subscriber, request } = operation;
      if (message.type === 'next') {
        // a query or a mutation has one result, unless it is delivered incrementally
        operation.answered =
          traitsOf(request).type !== 'subscription' && !isPartial(message.payload);
        subscriber.next(message.payload);
        return true;
      }
      operations.delete(message.id);
      if (message.type === 'error') subscriber.error(new OperationError(message.errors));
      else subscriber.complete();
      return true;
    },
    stop() {
      for (const [id, operation] of operations) stop(id, operation);
    },
    lose(error) {
      lost = error;
      for (const [id, { subscriber, answered, request }] of operations) {
        const { type, resend } = traitsOf(request);
        // at close() nothing is sent again, whatever was asked for: only a mutation may have run
        const harmless = error instanceof SocketDisposedError ? type !== 'mutation' : resend;
        if (answered) subscriber.complete();
        else if (harmless) subscriber.error(error);
        else subscriber.error(new ConnectionLostError(id, { cause: error }));
      }
    },
  };
}

/** Whether more increments follow. Parsed only where the text may say so: data have fields of that name, too. */
function isPartial(payload: Payload): boolean {
  try {
    return payload.text.includes('"hasNext"') && payload.decode().hasNext === true;
  } catch {
    return false;
  }
}
