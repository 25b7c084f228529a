import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import { defer, EMPTY, from, map, NEVER, type Observable, Subscription } from 'rxjs';
import { isObject, kindOf } from '../check.js';
import { hasBalancedBraces } from '../operation-head.js';
import { withPlainErrors } from '../wire.js';
import type { WireMessage } from './api/peer.js';
import type { ConnectionContext, OperationHandler, OperationRequest } from './api/options.js';
import type { Core } from './core.js';
import type { Dialect } from './dialects.js';
import { afterHops } from './eventually.js';

/** Reads the request in a `subscribe` or `start` message, or in the body of a POST; `undefined` when it has no document. */
export function readRequest(id: string, payload: unknown): OperationRequest | undefined {
  if (!isObject(payload) || typeof payload.query !== 'string') return undefined;
  const { query, variables, operationName, extensions } = payload;
  return {
    id,
    query,
    variables: isObject(variables) ? variables : {},
    ...(typeof operationName === 'string' && { operationName }),
    ...(isObject(extensions) && { extensions }),
  };
}

/** Checks what the user's handler returns, and each of its results. */
export function checkedHandler(handle: OperationHandler): OperationHandler {
  return (request, context) => {
    const answer: unknown = handle(request, context);
    try {
      // rxjs would emit the letters of a string.
      if (typeof answer !== 'string')
        return from(answer as ReturnType<OperationHandler>).pipe(map(checkResult));
    } catch {
      // The error of rxjs would not name the handler.
    }
    throw new TypeError(
      `expected \`handle\` to return an Observable, a promise or an iterable of results, such as \`of({ data })\`, got ${kindOf(answer)}`,
    );
  };
}

function checkResult(result: unknown): ExecutionResult {
  if (isObject(result)) return result;
  throw new TypeError(
    `expected each result of \`handle\` to be an object such as \`{ data }\`, got ${kindOf(result)}`,
  );
}

/** Runs the operations of one connection. */
export function runOperations(dialect: Dialect, core: Core) {
  const live: Live = new Map();
  /** Unsubscribes from the handler; returns whether the operation was live. */
  const end = (id: unknown) => {
    const operation = live.get(id);
    operation?.unsubscribe();
    return operation !== undefined;
  };
  return {
    end,
    endAll: () => live.forEach((operation) => operation.unsubscribe()),
    start: (id: string, payload: unknown, context: ConnectionContext): Observable<unknown> => {
      const { peer } = context;
      const request = readRequest(id, payload);
      if (!request) dialect.syntaxError(peer, id, 'Must provide document');
      else if (!hasBalancedBraces(request.query))
        return afterHops(2, () => dialect.syntaxError(peer, id, 'Syntax Error: unbalanced braces'));
      else if (live.has(id) && !dialect.isLegacy) peer.close(4409, 'Subscriber already exists');
      else {
        if (end(id)) peer.send({ id, type: 'complete' });
        run(request, context, live, dialect, core);
      }
      return EMPTY;
    },
  };
}

type Live = Map<unknown, Subscription>;

function run(
  request: OperationRequest,
  context: ConnectionContext,
  live: Live,
  dialect: Dialect,
  { options, takeStream, write }: Core,
): void {
  const { id } = request;
  const { connection, send } = context.peer;
  const giveBack = takeStream(context);
  const operation = new Subscription(() => {
    live.delete(id);
    giveBack?.();
    write({ type: 'ended', connection, id });
  });
  // Registered first, because a handler may answer or close the connection synchronously.
  live.set(id, operation);
  write({ type: giveBack ? 'started' : 'capped', connection, id, request });
  const endWith = (message: WireMessage) => {
    operation.unsubscribe();
    send(message);
  };
  const result$ = giveBack ? defer(() => options.handle(request, context)) : NEVER;
  // Encoded within the stream, because a result that JSON cannot hold must fail the operation, not the server.
  const frame$ = result$.pipe(
    map(withPlainErrors),
    map((payload) => JSON.stringify({ id, type: dialect.result, payload })),
  );
  operation.add(
    frame$.subscribe({
      next: (frame) => send(frame),
      error: (error: unknown) => endWith(dialect.error(id, formatErrors(error))),
      complete: () => endWith({ id, type: 'complete' }),
    }),
  );
}

/** Turns a thrown value, or each of an array, into a GraphQL error. A GraphQLError keeps its locations, path and extensions. */
export function formatErrors(thrown: unknown): readonly GraphQLFormattedError[] {
  return [thrown].flat().map(formatError);
}

function formatError(thrown: unknown): GraphQLFormattedError {
  if (!isObject(thrown)) return { message: String(thrown) };
  let message = 'an error';
  try {
    message = String(thrown.message);
    const { locations, path, extensions } = thrown;
    const error = { message, locations, path, extensions } as GraphQLFormattedError;
    // Throws for a cycle, a bigint or a getter that fails.
    JSON.stringify(error);
    return error;
  } catch (refusal) {
    return { message: `${message} (and more that JSON cannot hold: ${String(refusal)})` };
  }
}
