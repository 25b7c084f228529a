import type { ExecutionResult } from 'rx-graphql-ws';
import { defer, map, NEVER, Subscription } from 'rxjs';
import { withPlainErrors } from '../plain-errors.js';
import type { Dialect } from './dialect.js';
import { formatErrors } from './format-errors.js';
import type { ConnectionContext, OperationHandler, OperationRequest } from './operation-handler.js';
import type { LedgerWriter } from './ledger.js';
import type { Peer } from './peer.js';
import type { ResultTampering } from './results/tamper-with-results.js';
import type { StreamCap } from './stream-cap.js';

/** The operations of one connection. */
export interface Operations {
  /** Whether the operation is live. */
  has(id: string): boolean;
  /** Subscribes to the handler and sends what comes of it. */
  start(request: OperationRequest, context: ConnectionContext): void;
  /** Unsubscribes from the handler, and tells whether there was one. */
  end(id: unknown): boolean;
  /** Unsubscribes from every handler. */
  endAll(): void;
}

/** What the operations are answered with. */
export interface Answering extends Pick<ResultTampering, 'openOutlet'> {
  readonly handle: OperationHandler;
  /** Takes a stream for a client. */
  readonly takeStream: (peer: Peer) => ReturnType<StreamCap['take']>;
}

/**
 * Runs the operations of one connection.
 *
 * @param dialect - how results and errors look on the wire
 * @param answering - answers the operations, and stands between the answers and the wire
 * @param write - the ledger's
 */
export function runOperations(
  dialect: Dialect,
  { handle, openOutlet, takeStream }: Answering,
  write: LedgerWriter['write'],
): Operations {
  const live = new Map<unknown, Subscription>();
  return {
    has: (id) => live.has(id),
    start: (request, context) => {
      const { id } = request;
      const { peer } = context;
      const { connection } = peer;
      const encode = (payload: ExecutionResult) =>
        JSON.stringify({ id, type: dialect.result, payload });
      const outlet = openOutlet({ connection, id, request }, encode, (late) => {
        peer.send(late);
      });
      const giveBack = takeStream(peer);
      const operation = new Subscription(() => {
        live.delete(id);
        giveBack?.();
        outlet.close();
        write({ type: 'ended', connection, id });
      });
      // Registered first: a handler may answer synchronously, or close the connection.
      live.set(id, operation);
      write({ type: giveBack ? 'started' : 'capped', connection, id, request });
      const answer$ = giveBack
        ? defer(() => handle(request, context)).pipe(map(withPlainErrors))
        : NEVER;
      operation.add(
        outlet.through(answer$).subscribe({
          next: (frame) => {
            peer.send(frame);
          },
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
    end: (id) => {
      const operation = live.get(id);
      operation?.unsubscribe();
      return operation !== undefined;
    },
    endAll: () => {
      for (const operation of live.values()) operation.unsubscribe();
    },
  };
}
