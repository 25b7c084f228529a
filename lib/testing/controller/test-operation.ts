import type { ExecutionResult, GraphQLFormattedError, SentRequest, Variables } from 'rx-graphql-ws';
import type { FakePeer } from '../fake-peer.js';
import { operationHead, type OperationHead } from '../operation-head.js';
import { show } from '../show.js';
import { withGetters } from '../with-getters.js';

/** An operation of the client, for the test to answer. Each answer reaches the client at once. */
export interface TestOperation<TData = unknown> {
  /** The sent id; the client uses a new one after a reconnect. */
  readonly id: string;
  /** The sent request; its `variables` are `{}` if the client sent none. */
  readonly request: SentRequest;
  /** Whether the client told the server that it has unsubscribed. */
  readonly unsubscribed: boolean;
  /** Sends a result: `{ data }`. @throws Error - the operation has ended, or is a query or a mutation that has its result already */
  next(data: TData): void;
  /** Sends a whole result. @throws Error - as `next` */
  result(result: ExecutionResult<TData>): void;
  /**
   * Fails the operation: the client gets an `OperationError`.
   * @param errors - a string is the message of a single error; an `Error` is sent with its message, `locations`, `path` and `extensions`
   * @throws Error - as `next`
   */
  error(errors: string | readonly (GraphQLFormattedError | Error)[]): void;
  /** Ends the operation. A query or a mutation that has its result does not need it. @throws Error - the operation has ended */
  complete(): void;
  /** Asserts that the client told the server to stop the operation. @throws Error - it did not; the message tells its state */
  expectUnsubscribed(): void;
}

export interface HeldOperation {
  readonly operation: TestOperation;
  readonly head: OperationHead;
  readonly summary: string;
  state: keyof typeof standings;
}

export const standings = {
  open: 'is open',
  answered: 'has had its only result',
  completed: 'was ended by complete()',
  failed: 'was ended by error()',
  unsubscribed: 'was unsubscribed by the client',
  lost: 'was lost with its connection: expect the one that is sent after reconnect()',
} as const;

export function holdOperation(peer: FakePeer, id: string, request: SentRequest): HeldOperation {
  const head = operationHead(request);
  // the wire has no variables where the client gave none
  const variables = request.variables as Variables | undefined;
  const standing: Standing = { head, summary: summarise(request, head, variables), state: 'open' };
  const text = `operation ${id} (${standing.summary})`;
  const operation = {
    id,
    request: { ...request, variables: variables ?? {} },
    ...answersTo(id, text, peer, standing),
    expectUnsubscribed: () => {
      if (standing.state !== 'unsubscribed')
        throw new Error(`expected ${text} to be unsubscribed, but it ${standings[standing.state]}`);
    },
  };
  const unsubscribed = () => standing.state === 'unsubscribed';
  return Object.assign(standing, { operation: withGetters(operation, { unsubscribed }) });
}

type Standing = Omit<HeldOperation, 'operation'>;

function answersTo(id: string, text: string, peer: FakePeer, standing: Standing) {
  const single = standing.head.type === 'query' || standing.head.type === 'mutation';
  // before the message, because the client may react at once
  const enter = (
    next: Standing['state'],
    method: string,
    ...from: readonly Standing['state'][]
  ) => {
    const { state } = standing;
    if (!from.includes(state)) throw new Error(`${method}(): ${text} ${standings[state]}`);
    standing.state = next;
  };
  const result = (method: string, value: ExecutionResult) => {
    enter(single && value.hasNext !== true ? 'answered' : 'open', method, 'open');
    peer.result(id, value);
  };
  return {
    next: (data: unknown) => result('next', { data }),
    result: (value: ExecutionResult) => result('result', value),
    error: (errors: Parameters<TestOperation['error']>[0]) => {
      enter('failed', 'error', 'open');
      peer.error(id, typeof errors === 'string' ? [{ message: errors }] : errors);
    },
    complete: () => {
      enter('completed', 'complete', 'open', 'answered');
      peer.complete(id);
    },
  };
}

function summarise(
  { query, extensions }: SentRequest,
  { type, name }: OperationHead,
  variables: Variables | undefined,
): string {
  const anonymous = () => show(query.replace(/\s+/g, ' ').trim() || extensions);
  const what = name === undefined ? anonymous() : `${type ?? 'operation'} ${name}`;
  return variables ? `${what}, variables ${show(variables)}` : what;
}
