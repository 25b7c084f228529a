import type { ExecutionResult } from 'rx-graphql-ws';
import { defer, map, NEVER, type Observable, Subscription } from 'rxjs';
import { withPlainErrors } from '../wire.js';
import type { Dialect } from './dialects.js';
import type { LedgerWriter } from './ledger.js';
import {
  type ConnectionContext,
  formatErrors,
  type OperationHandler,
  type OperationRequest,
} from './operation-handler.js';
import type { Peer } from './peer.js';
import type { WireMessage } from './wire-message.js';

export interface Answering {
  readonly handle: OperationHandler;
  /** Takes a stream for a client. Returns a function that gives it back, or `undefined` at the limit `maxStreams`. */
  readonly takeStream: (peer: Peer) => (() => void) | undefined;
}

export function runOperations(
  dialect: Dialect,
  { handle, takeStream }: Answering,
  write: LedgerWriter['write'],
) {
  const live = new Map<unknown, Subscription>();
  return {
    has: (id: string) => live.has(id),
    start: (request: OperationRequest, context: ConnectionContext) => {
      const { id } = request;
      const { connection } = context.peer;
      const giveBack = takeStream(context.peer);
      const operation = new Subscription(() => {
        live.delete(id);
        giveBack?.();
        write({ type: 'ended', connection, id });
      });
      // Registered first, because a handler may answer or close the connection synchronously.
      live.set(id, operation);
      write({ type: giveBack ? 'started' : 'capped', connection, id, request });
      const result$ = giveBack ? defer(() => handle(request, context)) : NEVER;
      operation.add(answer(result$, id, context.peer, dialect, () => operation.unsubscribe()));
    },
    /** Unsubscribes from the handler; returns whether the operation was live. */
    end: (id: unknown) => {
      const operation = live.get(id);
      operation?.unsubscribe();
      return operation !== undefined;
    },
    endAll: () => live.forEach((operation) => operation.unsubscribe()),
  };
}

/** @param ended - called before the message that ends the operation */
function answer(
  result$: Observable<ExecutionResult>,
  id: string,
  peer: Peer,
  dialect: Dialect,
  ended: () => void,
): Subscription {
  // Encoded within the stream, because a result that JSON cannot hold must fail the operation, not the server.
  const encoded$ = result$.pipe(
    map(withPlainErrors),
    map((payload) => JSON.stringify({ id, type: dialect.result, payload })),
  );
  const end = (message: WireMessage) => {
    ended();
    peer.send(message);
  };
  return encoded$.subscribe({
    next: (frame) => peer.send(frame),
    error: (error: unknown) => end(dialect.error(id, formatErrors(error))),
    complete: () => end({ id, type: 'complete' }),
  });
}
