import { marked } from '../error-marks.js';
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
import { isPartial } from '../protocol/is-partial.js';
import { isRefusalCloseCode } from '../transport/close-code.js';
import { callUser, must } from '../validate.js';
import type { Operation, OperationObserver } from './operation.js';
import type { Quarantine } from './quarantine.js';
import { blame } from './quarantine.js';

/** The operations under way on one connection, by id. */
export interface Operations {
  /** Sends the request, and routes the answers to the observer. @throws GraphQLSocketError - it cannot be sent. */
  start(request: PreparedRequest, observer: OperationObserver): Operation;
  /** Silence, at once; the server is told unless there is nothing left to tell. */
  stop(operation: Operation): void;
  /** Hands a message to its operation; false when there is none. */
  route(message: ServerMessage & { readonly id: string }): boolean;
  /** Tells the server that all of them end. */
  stopAll(): void;
  /** The connection is gone: those that were answered complete, the others error. */
  lose(error: GraphQLSocketError, acknowledged: boolean): void;
}

export function createOperations(
  send: (message: ClientMessage) => void,
  generateId: () => string,
  isOver: () => boolean,
  quarantine: Quarantine<Operation>,
): Operations {
  // a Map: ids come from the server, and `__proto__` is one
  const operations = new Map<string, Operation>();
  let lost: GraphQLSocketError | undefined;
  const checkId = must(
    'a function that returns a fresh string',
    (id) => typeof id === 'string' && id && !operations.has(id),
  );
  const clear = (operation: Operation) => {
    if (!operation.suspect) return;
    operation.suspect = false;
    quarantine.clear(operation);
  };
  const remove = (operation: Operation) => {
    clear(operation);
    return operations.delete(operation.id);
  };
  const tellServer = (operation: Operation) => {
    if (operation.answered || operation.stopped || !operation.sent) return;
    operation.stopped = true;
    send({ type: 'complete', id: operation.id });
  };
  const refuseWhenOver = () => {
    if (isOver()) throw lost ?? new ConnectionClosedError(1006, '', false);
  };
  const sendNow = (operation: Operation) => {
    const { id, request } = operation;
    const payload = toSentRequest(request);
    // a function of the user's may have closed the socket, or unsubscribed
    refuseWhenOver();
    if (operation.observer.closed) return;
    // before it is sent: the answer may come at once
    operations.set(id, operation);
    operation.sent = operation.suspect = true;
    quarantine.sent(operation);
    try {
      send({ type: 'subscribe', id, payload });
    } catch (cause) {
      remove(operation);
      throw notSerialisable(payload, cause);
    }
  };
  const sendInTurn = (operation: Operation) => {
    operations.set(operation.id, operation);
    quarantine.enter(operation, () => {
      const wanted = operations.has(operation.id);
      try {
        if (wanted) sendNow(operation);
      } catch (error) {
        remove(operation);
        operation.observer.error(error);
      }
      return wanted;
    });
  };
  /** The one that made the server close, where that is clear. A refusal of nothing that was sent suggests a broken server. */
  const accuse = (error: GraphQLSocketError) => {
    if (error.name !== 'ConnectionClosedError' || !isRefusalCloseCode(error.code)) return undefined;
    const accused = quarantine.accuse();
    if (accused.length === 0) marked(error, 'strike');
    return accused.length === 1 ? accused[0] : undefined;
  };

  return {
    start(request, observer) {
      refuseWhenOver();
      const id = callUser('generateId', generateId);
      checkId('generateId', id);
      const operation: Operation = {
        id,
        observer,
        request,
        sent: false,
        answered: false,
        stopped: false,
        suspect: false,
        single: traitsOf(request).type !== 'subscription',
      };
      if (quarantine.holds(request)) sendInTurn(operation);
      else sendNow(operation);
      return operation;
    },
    stop(operation) {
      if (remove(operation)) tellServer(operation);
    },
    route(message) {
      const operation = operations.get(message.id);
      if (!operation) return false;
      const { observer } = operation;
      clear(operation);
      if (message.type === 'next') {
        operation.answered = operation.single && !isPartial(message.payload);
        observer.next(message.payload);
        return true;
      }
      operations.delete(message.id);
      if (message.type === 'error') observer.error(new OperationError(message.errors));
      else observer.complete();
      return true;
    },
    stopAll() {
      for (const operation of operations.values()) tellServer(operation);
    },
    lose(error, acknowledged) {
      const first = !lost;
      lost = error;
      if (!first) return;
      const culprit = acknowledged ? accuse(error) : undefined;
      quarantine.stop();
      for (const [id, operation] of operations) {
        operations.delete(id);
        const { observer, answered, request, sent } = operation;
        const { type, resend } = traitsOf(request);
        // by now perhaps close(): nothing is sent again then, whatever was asked for; only a mutation may have run
        const harmless = lost instanceof SocketDisposedError ? type !== 'mutation' : resend;
        if (answered) observer.complete();
        else if (!harmless && sent) {
          observer.error(new ConnectionLostError(id, { cause: lost }));
        } else observer.error(operation === culprit ? blame(error) : lost);
      }
    },
  };
}
