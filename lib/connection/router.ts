import { ConnectionClosedError, ConnectionLostError, OperationError } from '../errors.js';
import type { ClientMessage, ServerMessage } from '../protocol/codec.js';
import { isPartial } from '../protocol/payload.js';
import type { PreparedRequest } from '../protocol/request.js';
import { notSerialisable, toSentRequest } from '../protocol/request.js';
import type { RequestFields, SentRequest } from '../types.js';
import { callUser, must } from '../validate.js';
import type { LossReason, OperationObserver } from './connection.js';
import type { CulpritSearch } from './culprit-search.js';
import type { Operation } from './suspects.js';
import { asCulpritError, createSuspects } from './suspects.js';

/** Ids of ended operations that are remembered, because their server may not know that they have ended. */
const maxEnded = 4_096;

/**
 * The operations under way on one connection, by id.
 *
 * @param send - sends a message, and returns the length of its frame. `payload` is its JSON, where that must not be made anew
 */
export function createRouter(
  send: (message: ClientMessage, payload?: string) => number,
  generateId: (request: RequestFields) => string,
  isOver: () => boolean,
  search: CulpritSearch,
) {
  // a Map, because ids come from the server, and `__proto__` is one
  const operations = new Map<string, Operation>();
  /** Operations that ended without a word of ours, the oldest first. */
  const ended = new Set<string>();
  let lost: LossReason | undefined;
  const checkId = must(
    'a function that returns a fresh string',
    (id) => typeof id === 'string' && id && !operations.has(id),
  );
  const remember = (id: string) => {
    ended.add(id);
    if (ended.size > maxEnded) ended.delete(ended.values().next().value as string);
  };
  const remove = (operation: Operation) => {
    if (operation.refusable || !operation.sent) suspects.left(operation);
    operation.refusable = false;
    return operations.delete(operation.id);
  };
  const tellServer = (operation: Operation) => {
    if (!operation.sent || operation.stopped) return;
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
    operation.sent = operation.refusable = prepared.wasSent = true;
    suspects.sent(operation);
    try {
      prepared.size = send({ type: 'subscribe', id, payload }, text);
    } catch (cause) {
      operation.refusable = false;
      suspects.unsent(operation);
      operations.delete(id);
      throw notSerialisable(payload, cause);
    }
  };
  const suspects = createSuspects(search, (operation) => {
    try {
      sendNow(operation);
    } catch (error) {
      remove(operation);
      operation.observer.error(error);
    }
  });

  return {
    /** Sends the request, and routes the answers to the observer. @throws GraphQLSocketError - it cannot be sent. */
    start(prepared: PreparedRequest, observer: OperationObserver) {
      refuseWhenOver();
      const id = callUser('generateId', () => generateId(prepared.request));
      checkId('generateId', id);
      const operation: Operation = {
        id,
        prepared,
        observer,
        isFirst: !prepared.wasSent,
        sent: false,
        stopped: false,
        results: 0,
        refusable: false,
      };
      if (suspects.holds(operation)) operations.set(id, operation);
      else sendNow(operation);
      return operation;
    },
    /** The operation hears nothing any more. The server is told, unless the subscriber took the only result, because most servers end it then. */
    stop(operation: Operation, tookResult = false) {
      if (!remove(operation)) return;
      if (tookResult && operation.results > 0) remember(operation.id);
      else tellServer(operation);
    },
    /** Hands a message to its operation; false if there is none. A server that goes on with an operation that has ended is told so, once. */
    route(message: ServerMessage & { readonly id: string }) {
      const { id, type } = message;
      const operation = operations.get(id);
      // an id that was not sent yet means nothing to the server
      if (!operation?.sent) {
        if (type === 'next' && ended.delete(id)) send({ type: 'complete', id });
        return false;
      }
      const { observer, prepared } = operation;
      if (operation.refusable) {
        operation.refusable = false;
        suspects.accepted(operation);
      }
      if (type === 'next') {
        if (prepared.type !== 'subscription') {
          operation.results = isPartial(message.payload) ? 0 : operation.results + 1;
        }
        observer.next(message.payload);
        return true;
      }
      operations.delete(id);
      remember(id);
      if (type === 'error') observer.error(new OperationError(message.errors));
      else observer.complete();
      return true;
    },
    /** Whether an operation was sent, and waits for an answer or for its next one. */
    isBusy: () => [...operations.values()].some(({ sent }) => sent),
    /** Operations can be sent. */
    begin: suspects.begin,
    /** Tells the server that all operations end. */
    stopAll() {
      operations.forEach(tellServer);
    },
    /** The connection is gone: operations that were answered in full complete, the others error. */
    lose(why: LossReason, mayBeRefusal: boolean) {
      const first = !lost;
      lost = why;
      if (!first || (operations.size === 0 && !mayBeRefusal)) {
        suspects.stop();
        return;
      }
      const error = why();
      const culprit = mayBeRefusal ? suspects.accuse(error) : undefined;
      suspects.stop();
      for (const [id, operation] of operations) {
        operations.delete(id);
        const { observer, prepared, sent, results } = operation;
        // an observer before may have called close(): then nothing is sent again, and only a mutation may have run
        const present = lost === why ? error : lost();
        const isDisposal = present.name === 'SocketDisposedError';
        const harmless = isDisposal ? prepared.type !== 'mutation' : prepared.resend;
        const isOver = isDisposal ? results > 0 : results === 1 && prepared.takesOne;
        if (isOver) observer.complete();
        else if (!harmless && sent) {
          observer.error(new ConnectionLostError(id, { cause: present }));
        } else observer.error(operation === culprit ? asCulpritError(error) : present);
      }
    },
  };
}
