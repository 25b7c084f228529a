import type { GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import { explainNone, listOperations } from './explain.js';
import { readMatcher, type OperationMatcher } from './operation-matcher.js';
import type { HeldOperation, TestOperation } from './test-operation.js';
import type { TestingServer } from './testing-server.js';

/** What a test expects of the unit. */
export interface Expectations {
  expectOne(matcher: OperationMatcher, description?: string): TestOperation;
  match(matcher: OperationMatcher): readonly TestOperation[];
  expectNone(matcher: OperationMatcher, description?: string): void;
  verify(ignoreOpen: boolean): void;
}

/**
 * Expectations of a server. What is expected is taken, and not seen again.
 *
 * @param config - with which requests are written
 * @param status - of the socket object, for messages
 */
export function createExpectations(
  server: TestingServer,
  config: Partial<GraphQLSocketConfig>,
  status: () => SocketStatus,
): Expectations {
  const taken = new Set<HeldOperation>();
  const isTaken = (held: HeldOperation) => taken.has(held);
  const take = (held: HeldOperation) => {
    taken.add(held);
    return held.operation;
  };
  // what was lost is sent again
  const untaken = () => server.operations.filter((held) => !isTaken(held) && held.state !== 'lost');
  const find = (matcher: OperationMatcher) => {
    const { text, matches } = readMatcher(matcher, config);
    server.accept();
    const found = untaken().filter(({ operation, head }) => matches(operation.request, head));
    return { text, found };
  };
  const none = () => {
    const open = server.operations.filter((held) => isTaken(held) && held.state === 'open');
    return explainNone(untaken(), open, status(), server.isDown);
  };

  return {
    expectOne: (matcher, description) => {
      const { text, found } = find(matcher);
      const [held] = found;
      const expected = `expected one operation that matches ${description ?? text}, found`;
      if (!held) throw new Error(`${expected} none; ${none()}`);
      if (found.length > 1) {
        const advice = 'narrow it, by { operationName, variables } say, or take them with match()';
        throw new Error(`${expected} ${found.length}:${listOperations(found)}\n${advice}`);
      }
      return take(held);
    },
    match: (matcher) => find(matcher).found.map(take),
    expectNone: (matcher, description) => {
      const { text, found } = find(matcher);
      if (found.length === 0) return;
      const expected = `expected no operation that matches ${description ?? text}, found`;
      throw new Error(`${expected} ${found.length}:${listOperations(found)}`);
    },
    verify: (ignoreOpen) => {
      server.accept();
      const unexpected = untaken();
      const open = server.operations.filter((held) => isTaken(held) && held.state === 'open');
      const complaints = [
        ...(unexpected.length > 0
          ? [`nobody expected:${listOperations(unexpected)}\ntake them with expectOne() or match()`]
          : []),
        ...(open.length > 0 && !ignoreOpen
          ? [
              `still open at the server:${listOperations(open)}\n` +
                'unsubscribe in the unit (is it destroyed?), or complete() them; else verify({ ignoreOpen: true })',
            ]
          : []),
      ];
      if (complaints.length > 0) throw new Error(`verify(): ${complaints.join('\n')}`);
    },
  };
}
