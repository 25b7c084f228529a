import type { GraphQLSocketError } from '../errors.js';
import { ConnectionClosedError, ConnectionLostError, OperationError } from '../errors.js';
import type { ServerMessage } from '../protocol/codec.js';
import { isPartial } from '../protocol/payload.js';
import type { PreparedRequest } from '../protocol/request.js';
import { notSerialisable, toSentRequest } from '../protocol/request.js';
import type { Payload, RequestFields, SentRequest } from '../types.js';
import { callUser, must } from '../validate.js';
import type { LossReason, OperationObserver } from './connection.js';
import type { CulpritSearch } from './culprit-search.js';
import type { Outbox } from './outbox.js';
import type { Operation } from './suspects.js';
import { asCulpritError, Suspects } from './suspects.js';

/** Ids of ended operations that are remembered, because their server may not know that they have ended. */
const maxEnded = 4_096;

/** The operations under way on one connection, by id. */
export class Router {
  // a Map, because ids come from the server, and `__proto__` is one
  readonly #operations = new Map<string, Operation>();
  /** Operations that ended without a word of ours, the oldest first. */
  readonly #ended = new Set<string>();
  readonly #outbox: Outbox;
  readonly #generateId: (request: RequestFields) => string;
  readonly #suspects: Suspects;
  readonly #checkId = must(
    'a function that returns a fresh string',
    (id) => typeof id === 'string' && id && !this.#operations.has(id),
  );
  #lost: LossReason | undefined;

  constructor(
    outbox: Outbox,
    generateId: (request: RequestFields) => string,
    search: CulpritSearch,
  ) {
    this.#outbox = outbox;
    this.#generateId = generateId;
    this.#suspects = new Suspects(search, (operation) => {
      try {
        this.#send(operation);
      } catch (error) {
        this.#remove(operation);
        operation.observer.error(error);
      }
    });
  }

  /** Sends the request, and routes the answers to the observer. @throws GraphQLSocketError - it cannot be sent. */
  start(prepared: PreparedRequest, observer: OperationObserver): Operation {
    this.#refuseWhenOver();
    // it is not to be called with our `this`
    const generateId = this.#generateId;
    const id = callUser('generateId', () => generateId(prepared.request));
    this.#checkId('generateId', id);
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
    if (this.#suspects.holds(operation)) this.#operations.set(id, operation);
    else this.#send(operation);
    return operation;
  }

  /** The operation hears nothing any more. The server is told, unless the subscriber took the only result, because most servers end it then. */
  stop(operation: Operation, tookResult = false): void {
    if (!this.#remove(operation)) return;
    if (tookResult && operation.results > 0) this.#remember(operation.id);
    else this.#tellServer(operation);
  }

  /** Hands a message to its operation; false if there is none. A server that goes on with an operation that has ended is told so, once. */
  route(message: ServerMessage & { readonly id: string }): boolean {
    const { id, type } = message;
    const operation = this.#operations.get(id);
    // an id that was not sent yet means nothing to the server
    if (!operation?.sent) {
      if (type === 'next' && this.#ended.delete(id)) this.#outbox.send({ type: 'complete', id });
      return false;
    }
    if (operation.refusable) {
      operation.refusable = false;
      this.#suspects.accepted(operation);
    }
    if (type === 'next') {
      deliver(operation, message.payload);
      return true;
    }
    this.#operations.delete(id);
    this.#remember(id);
    if (type === 'error') operation.observer.error(new OperationError(message.errors));
    else operation.observer.complete();
    return true;
  }

  /** Whether an operation was sent, and waits for an answer or for its next one. */
  isBusy(): boolean {
    return [...this.#operations.values()].some(({ sent }) => sent);
  }

  /** Operations can be sent. */
  begin(): void {
    this.#suspects.begin();
  }

  /** Tells the server that all operations end. */
  stopAll(): void {
    for (const operation of this.#operations.values()) this.#tellServer(operation);
  }

  /** The connection is gone: operations that were answered in full complete, the others error. */
  lose(why: LossReason, mayBeRefusal: boolean): void {
    const first = !this.#lost;
    this.#lost = why;
    if (!first || (this.#operations.size === 0 && !mayBeRefusal)) {
      this.#suspects.stop();
      return;
    }
    const error = why();
    const culprit = mayBeRefusal ? this.#suspects.accuse(error) : undefined;
    this.#suspects.stop();
    for (const [id, operation] of this.#operations) {
      this.#operations.delete(id);
      // an observer before may have called close()
      const present = this.#lost === why ? error : this.#lost();
      tellOfLoss(operation, present, operation === culprit ? asCulpritError(error) : present);
    }
  }

  #remember(id: string) {
    this.#ended.add(id);
    if (this.#ended.size > maxEnded)
      this.#ended.delete(this.#ended.values().next().value as string);
  }

  #remove(operation: Operation) {
    if (operation.refusable || !operation.sent) this.#suspects.left(operation);
    operation.refusable = false;
    return this.#operations.delete(operation.id);
  }

  #tellServer(operation: Operation) {
    if (!operation.sent || operation.stopped) return;
    operation.stopped = true;
    this.#outbox.send({ type: 'complete', id: operation.id });
  }

  #refuseWhenOver() {
    if (!this.#outbox.isOver()) return;
    throw this.#lost ? this.#lost() : new ConnectionClosedError(1006, '', false);
  }

  #send(operation: Operation) {
    const { id, prepared } = operation;
    const { payload: text } = prepared;
    const payload =
      text === undefined ? toSentRequest(prepared.request) : (JSON.parse(text) as SentRequest);
    // a user's function may have closed the socket, or unsubscribed
    this.#refuseWhenOver();
    if (operation.observer.closed) return;
    // before it is sent, because the answer may come at once
    this.#operations.set(id, operation);
    operation.sent = operation.refusable = prepared.wasSent = true;
    this.#suspects.sent(operation);
    try {
      prepared.size = this.#outbox.send({ type: 'subscribe', id, payload }, text);
    } catch (cause) {
      operation.refusable = false;
      this.#suspects.unsent(operation);
      this.#operations.delete(id);
      throw notSerialisable(payload, cause);
    }
  }
}

function deliver(operation: Operation, payload: Payload) {
  if (operation.prepared.type !== 'subscription') {
    operation.results = isPartial(payload) ? 0 : operation.results + 1;
  }
  operation.observer.next(payload);
}

/** Ends an operation whose connection was lost. `present`: the last reason for the loss; `error`: the one for the operation. */
function tellOfLoss(
  { id, observer, prepared, sent, results }: Operation,
  present: GraphQLSocketError,
  error: GraphQLSocketError,
) {
  // after close() nothing is sent again, and only a mutation may have run
  const isDisposal = present.name === 'SocketDisposedError';
  const harmless = isDisposal ? prepared.type !== 'mutation' : prepared.resend;
  const isOver = isDisposal ? results > 0 : results === 1 && prepared.takesOne;
  if (isOver) observer.complete();
  else observer.error(harmless || !sent ? error : new ConnectionLostError(id, { cause: present }));
}
