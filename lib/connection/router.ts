import type { GraphQLSocketError } from '../errors.js';
import {
  closeCodeOf,
  ConnectionClosedError,
  ConnectionLostError,
  OperationError,
  setErrorKind,
} from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import { isPartial } from '../protocol/payload.js';
import type { PreparedRequest } from '../protocol/request.js';
import { notSerialisable, toSentRequest } from '../protocol/request.js';
import type { SentRequest } from '../types.js';
import { callUser, must } from '../validate.js';
import type { LossReason, OperationObserver } from './connection.js';
import type { RefusedOperations } from './refused-operations.js';
import { asCulpritError } from './refused-operations.js';

/** An operation under way on one connection. */
export interface Operation {
  readonly id: string;
  readonly prepared: PreparedRequest;
  readonly observer: OperationObserver;
  sent: boolean;
  /** It was answered in full. */
  answered: boolean;
  /** The server was told that it ends. */
  stopped: boolean;
  /** The server may still refuse it. */
  refusable: boolean;
}

/**
 * The operations under way on one connection, by id.
 *
 * @param send - sends a message. `payload` is its JSON, where that must not be made anew
 */
export function createRouter(
  send: (message: ClientMessage, payload?: string) => void,
  generateId: () => string,
  isOver: () => boolean,
  refused: RefusedOperations<Operation>,
) {
  // a Map, because ids come from the server, and `__proto__` is one
  const operations = new Map<string, Operation>();
  let lost: LossReason | undefined;
  const checkId = must(
    'a function that returns a fresh string',
    (id) => typeof id === 'string' && id && !operations.has(id),
  );
  const accept = (operation: Operation) => {
    if (!operation.refusable) return;
    operation.refusable = false;
    refused.accepted(operation);
  };
  const remove = (operation: Operation) => {
    accept(operation);
    return operations.delete(operation.id);
  };
  const tellServer = (operation: Operation) => {
    if (operation.answered || operation.stopped || !operation.sent) return;
    operation.stopped = true;
    send({ type: 'complete', id: operation.id });
  };
  const refuseWhenOver = () => {
    if (isOver()) throw lost ? lost() : new ConnectionClosedError(1006, '', false);
  };
  const sendNow = (operation: Operation) => {
    const { id, prepared } = operation;
    const { payload: text } = prepared;
    const payload =
      text === undefined ? toSentRequest(prepared.request) : (JSON.parse(text) as SentRequest);
    // a user's function may have closed the socket, or unsubscribed
    refuseWhenOver();
    if (operation.observer.closed) return;
    // before it is sent, because the answer may come at once
    operations.set(id, operation);
    operation.sent = operation.refusable = true;
    refused.sent(operation);
    try {
      send({ type: 'subscribe', id, payload }, text);
    } catch (cause) {
      remove(operation);
      throw notSerialisable(payload, cause);
    }
  };
  const sendInTurn = (operation: Operation) => {
    operations.set(operation.id, operation);
    refused.queue(operation, () => {
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
  /** The operation that made the server close, if that is clear. A refusal of nothing that was sent is a fault of the server. */
  const findCulprit = (error: GraphQLSocketError) => {
    if (!refusalCodes.includes(closeCodeOf(error))) return undefined;
    const suspects = refused.findCulprit();
    if (suspects.length === 0) setErrorKind(error, 'protocol-fault');
    return suspects.length === 1 ? suspects[0] : undefined;
  };

  return {
    /** Sends the request, and routes the answers to the observer. @throws GraphQLSocketError - it cannot be sent. */
    start(prepared: PreparedRequest, observer: OperationObserver) {
      refuseWhenOver();
      const id = callUser('generateId', generateId);
      checkId('generateId', id);
      const operation: Operation = {
        id,
        prepared,
        observer,
        sent: false,
        answered: false,
        stopped: false,
        refusable: false,
      };
      if (refused.isSuspect(prepared)) sendInTurn(operation);
      else sendNow(operation);
      return operation;
    },
    /** The operation hears nothing any more; the server is told unless that is needless. */
    stop(operation: Operation) {
      if (remove(operation)) tellServer(operation);
    },
    /** Hands a message to its operation; false if there is none. */
    route(message: ServerMessage & { readonly id: string }) {
      const operation = operations.get(message.id);
      if (!operation) return false;
      const { observer } = operation;
      if (operation.refusable) accept(operation);
      if (message.type === 'next') {
        operation.answered =
          operation.prepared.type !== 'subscription' && !isPartial(message.payload);
        observer.next(message.payload);
        return true;
      }
      operations.delete(message.id);
      if (message.type === 'error') observer.error(new OperationError(message.errors));
      else observer.complete();
      return true;
    },
    /** Tells the server that all operations end. */
    stopAll() {
      for (const operation of operations.values()) tellServer(operation);
    },
    /** The connection is gone: operations that were answered in full complete, the others error. */
    lose(why: LossReason, mayBeRefusal: boolean) {
      const first = !lost;
      lost = why;
      refused.stop();
      if (!first || (operations.size === 0 && !mayBeRefusal)) return;
      const error = why();
      const culprit = mayBeRefusal ? findCulprit(error) : undefined;
      for (const [id, operation] of operations) {
        operations.delete(id);
        const { observer, answered, prepared, sent } = operation;
        // an observer before may have called close(): then nothing is sent again, and only a mutation may have run
        const present = lost === why ? error : lost();
        const harmless =
          present.name === 'SocketDisposedError' ? prepared.type !== 'mutation' : prepared.resend;
        if (answered) observer.complete();
        else if (!harmless && sent) {
          observer.error(new ConnectionLostError(id, { cause: present }));
        } else observer.error(operation === culprit ? asCulpritError(error) : present);
      }
    },
  };
}

/** 4400 bad request, 4500 internal error: the server stumbled over a message. */
const refusalCodes = [4400, 4500];
