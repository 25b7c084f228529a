import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { ConfigurationError, ConnectionLostError, OperationError } from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import type { PreparedRequest } from '../protocol/request.js';
import { notSerialisable, toSentRequest, traitsOf } from '../protocol/request.js';
import { throwLater } from '../transport/throw-later.js';
import type { Payload } from '../types.js';
import { expected } from '../validate.js';

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
  readonly resend: boolean;
  /** A query or a mutation: one result, unless it is delivered incrementally. */
  readonly single: boolean;
  answered: boolean;
}

export function createOperations(
  send: (message: ClientMessage) => void,
  generateId: () => string,
): Operations {
  // a Map: ids come from the server, and `__proto__` is one
  const operations = new Map<string, Operation>();
  let lost: GraphQLSocketError | undefined;

  const start = (request: PreparedRequest, subscriber: Subscriber<Payload>) => {
    const payload = toSentRequest(request);
    const id = nextId(generateId, operations);
    const { type, resend } = traitsOf(request);
    const single = type !== 'subscription';
    // before it is sent: the answer may come at once
    operations.set(id, { subscriber, resend, single, answered: false });
    try {
      send({ type: 'subscribe', id, payload });
    } catch (cause) {
      operations.delete(id);
      throw notSerialisable(payload, cause);
    }
    return () => {
      const alive = operations.get(id);
      if (operations.delete(id) && !alive?.answered) send({ type: 'complete', id });
    };
  };

  return {
    run: (request) =>
      new Observable((subscriber) => {
        if (lost) return throwLater(lost).subscribe(subscriber);
        try {
          return start(request, subscriber);
        } catch (error) {
          return throwLater(error).subscribe(subscriber);
        }
      }),
    route(message) {
      const operation = operations.get(message.id);
      if (!operation) return false;
      if (message.type === 'next') {
        if (operation.single)
          operation.answered = !/"hasNext"\s*:\s*true/.test(message.payload.text);
        operation.subscriber.next(message.payload);
        return true;
      }
      operations.delete(message.id);
      if (message.type === 'error') operation.subscriber.error(new OperationError(message.errors));
      else operation.subscriber.complete();
      return true;
    },
    stop() {
      for (const [id, { answered }] of operations) if (!answered) send({ type: 'complete', id });
    },
    lose(error) {
      lost = error;
      const ended = [...operations];
      operations.clear();
      for (const [id, { subscriber, answered, resend }] of ended) {
        if (answered) subscriber.complete();
        else subscriber.error(resend ? error : new ConnectionLostError(id, { cause: error }));
      }
    },
  };
}

function nextId(generateId: () => string, taken: ReadonlyMap<string, unknown>): string {
  let id: unknown;
  try {
    id = generateId();
  } catch (cause) {
    throw new ConfigurationError('generateId', 'the function `generateId` threw', { cause });
  }
  if (typeof id === 'string' && id !== '' && !taken.has(id)) return id;
  throw expected('generateId', 'a function that returns a string not used before', id);
}
