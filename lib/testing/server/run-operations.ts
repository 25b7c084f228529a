import { defer, map, NEVER, Subscription } from 'rxjs';
import { withPlainErrors } from '../plain-errors.js';
import type { Dialect } from './dialects.js';
import type { LedgerWriter } from './ledger.js';
import {
  type ConnectionContext,
  formatErrors,
  type OperationHandler,
  type OperationRequest,
} from './operation-handler.js';
import type { Peer } from './peer.js';

/** The answers to operations. */
export interface Answering {
  readonly handle: OperationHandler;
  /** Takes a stream for a client. Returns a function that gives it back, or `undefined` at the limit `maxStreams`. */
  readonly takeStream: (peer: Peer) => (() => void) | undefined;
}

/** Runs the operations of one connection. */
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
      const { peer } = context;
      const { connection } = peer;
      const giveBack = takeStream(peer);
      const operation = new Subscription(() => {
        live.delete(id);
        giveBack?.();
        write({ type: 'ended', connection, id });
      });
      // Registered first, because a handler may answer or close the connection synchronously.
      live.set(id, operation);
      write({ type: giveBack ? 'started' : 'capped', connection, id, request });
      const answer$ = giveBack ? defer(() => handle(request, context)) : NEVER;
      // Encoded within the stream, because a result that JSON cannot hold must fail the operation, not the server.
      const encoded$ = answer$.pipe(
        map(withPlainErrors),
        map((payload) => JSON.stringify({ id, type: dialect.result, payload })),
      );
      operation.add(
        encoded$.subscribe({
          next: (frame) => peer.send(frame),
          error: (error: unknown) => {
            operation.unsubscribe();
            peer.send(dialect.error(id, formatErrors(error)));
          },
          complete: () => {
            operation.unsubscribe();
            peer.send({ id, type: 'complete' });
          },
        }),
      );
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
