import type { ExecutionResult, GraphQLFormattedError, SentRequest, Variables } from 'rx-graphql-ws';
import type { FakePeer } from '../fake-peer.js';
import { operationHead, type OperationHead } from '../operation-head.js';
import { show } from '../show.js';

/** An operation that the client sent; the test answers it. What is said reaches the client at once. */
export interface TestOperation<TData = unknown> {
  /** As it was sent; fresh after a reconnect. */
  readonly id: string;
  /** As it was sent; its `variables` are `{}` where none were. */
  readonly request: SentRequest;
  /** Whether the client told the server that it has unsubscribed. */
  readonly unsubscribed: boolean;
  /**
   * Sends a result: `{ data }`.
   *
   * @throws Error - the operation has ended, or is a query or a mutation that has had its result
   */
  next(data: TData): void;
  /**
   * Sends a whole result.
   *
   * @throws Error - as `next`
   */
  result(result: ExecutionResult<TData>): void;
  /**
   * Fails the operation: the client gets an `OperationError`.
   *
   * @param errors - or the message of the only one; of an `Error` its message, and its `locations`, `path` and `extensions`
   * @throws Error - as `next`
   */
  error(errors: string | readonly (GraphQLFormattedError | Error)[]): void;
  /**
   * Ends the operation. A query or a mutation that has had its result may do without.
   *
   * @throws Error - the operation has ended
   */
  complete(): void;
  /**
   * Asserts that unsubscribing reached the server.
   *
   * @throws Error - it did not; the message says what became of the operation
   */
  expectUnsubscribed(): void;
}

/** An operation, and what the server knows of it besides. */
export interface HeldOperation {
  readonly operation: TestOperation;
  readonly head: OperationHead;
  readonly state: OperationState;
  /** What it asks for, for messages. */
  readonly summary: string;
  /** The client's message has come. */
  unsubscribe(): void;
  /** Its connection is gone. */
  lose(): void;
}

type OperationState = keyof typeof standings;

/** How an operation stands, for messages. */
export const standings = {
  open: 'is open',
  answered: 'has had its only result',
  completed: 'was ended by complete()',
  failed: 'was ended by error()',
  unsubscribed: 'was unsubscribed by the client',
  lost: 'was lost with its connection: expect the one that is sent after reconnect()',
} as const;

/**
 * The server's end of an operation.
 *
 * @param peer - of the connection that it was sent on
 */
export function createTestOperation(
  peer: FakePeer,
  id: string,
  request: SentRequest,
): HeldOperation {
  const head = operationHead(request);
  const summary = summarise(request, head);
  const text = `operation ${id} (${summary})`;
  const single = head.type === 'query' || head.type === 'mutation';
  let state: OperationState = 'open';
  // the state first: the client may answer at once
  const enter = (next: OperationState, method: string, from: readonly OperationState[]) => {
    if (!from.includes(state)) throw new Error(`${method}(): ${text} ${standings[state]}`);
    state = next;
  };
  const result = (method: string, value: ExecutionResult) => {
    enter(single && value.hasNext !== true ? 'answered' : 'open', method, ['open']);
    peer.result(id, value);
  };
  return {
    head,
    summary,
    get state() {
      return state;
    },
    unsubscribe: () => {
      state = 'unsubscribed';
    },
    lose: () => {
      if (state === 'open' || state === 'answered') state = 'lost';
    },
    operation: {
      id,
      request: { ...request, variables: variablesOf(request) ?? {} },
      get unsubscribed() {
        return state === 'unsubscribed';
      },
      next: (data) => {
        result('next', { data });
      },
      result: (value) => {
        result('result', value);
      },
      error: (errors) => {
        enter('failed', 'error', ['open']);
        peer.error(id, typeof errors === 'string' ? [{ message: errors }] : errors);
      },
      complete: () => {
        enter('completed', 'complete', ['open', 'answered']);
        peer.complete(id);
      },
      expectUnsubscribed: () => {
        if (state !== 'unsubscribed')
          throw new Error(`expected ${text} to be unsubscribed, but it ${standings[state]}`);
      },
    },
  };
}

function summarise(request: SentRequest, { type, name }: OperationHead): string {
  const { query, extensions } = request;
  const variables = variablesOf(request);
  const anonymous = () => show(query.replace(/\s+/g, ' ').trim() || extensions);
  const what = name === undefined ? anonymous() : `${type ?? 'operation'} ${name}`;
  return variables ? `${what}, variables ${show(variables)}` : what;
}

/** Absent on the wire where there are none. */
function variablesOf({ variables }: SentRequest): Variables | undefined {
  return variables;
}
