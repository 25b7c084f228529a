import type { GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import { type OperationMatcher, readMatcher } from './operation-matcher.js';
import { type HeldOperation, standings, type TestOperation } from './test-operation.js';
import type { TestingServer } from './testing-server.js';

export type Expectations = ReturnType<typeof createExpectations>;

export function createExpectations(
  server: TestingServer,
  config: Partial<GraphQLSocketConfig>,
  status: () => SocketStatus,
  lingerOf: (held: HeldOperation) => number | undefined,
) {
  const taken = new Set<HeldOperation>();
  const take = (held: HeldOperation) => {
    taken.add(held);
    return held.operation;
  };
  // the client sends lost operations again
  const untaken = () =>
    server.operations.filter((held) => !taken.has(held) && held.state !== 'lost');
  const open = () => server.operations.filter((held) => taken.has(held) && held.state === 'open');
  const find = (matcher: OperationMatcher) => {
    const { text, matches } = readMatcher(matcher, config);
    server.accept();
    const found = untaken().filter(({ operation, head }) => matches(operation.request, head));
    return { text, found };
  };
  const explainNone = () =>
    linesOf(listUnder('there are:', untaken()), listUnder('expected before, and open:', open())) ||
    reasonOf(status(), server.isDown());
  return {
    expectOne: (matcher: OperationMatcher, description?: string): TestOperation => {
      const { text, found } = find(matcher);
      if (found.length === 1) return take(found[0] as HeldOperation);
      const what = found.length > 0 ? `${listFound(found)}\n${narrower}` : `none; ${explainNone()}`;
      throw new Error(`expected one operation that matches ${description ?? text}, found ${what}`);
    },
    match: (matcher: OperationMatcher): readonly TestOperation[] => find(matcher).found.map(take),
    expectNone: (matcher: OperationMatcher, description?: string) => {
      const { text, found } = find(matcher);
      if (found.length === 0) return;
      const expected = `expected no operation that matches ${description ?? text}`;
      throw new Error(`${expected}, found ${listFound(found)}`);
    },
    ...verification(server.accept, untaken, open, lingerOf),
  };
}

function verification(
  accept: () => void,
  untaken: () => readonly HeldOperation[],
  open: () => readonly HeldOperation[],
  lingerOf: (held: HeldOperation) => number | undefined,
) {
  const isKept = (held: HeldOperation) => lingerOf(held) !== undefined;
  return {
    /** The longest `linger` of an operation that `share` keeps, in ms; `undefined` for none. */
    lingersFor: () => {
      const waits = open().flatMap((held) => lingerOf(held) ?? []);
      return waits.length > 0 ? Math.max(...waits) : undefined;
    },
    verify: (ignoreOpen: boolean) => {
      accept();
      const [kept, left] = [open().filter(isKept), open().filter((held) => !isKept(held))];
      const complaints = linesOf(
        listUnder('unexpected operations:', untaken(), advice.unexpected),
        ignoreOpen ? '' : listUnder('still open at the server:', left, advice.open),
        ignoreOpen ? '' : listUnder(keptTitle, kept, advice.kept),
      );
      if (complaints !== '') throw new Error(`verify(): ${complaints}`);
    },
  };
}

const narrower =
  'narrow it, for example by { operationName, variables }, or take them with match()';
const advice = {
  unexpected: 'take them with expectOne() or match()',
  kept: 'await verified(), or let their `linger` pass in fake or virtual time; else verify({ ignoreOpen: true })',
  open: 'unsubscribe in the unit (is it destroyed?), or complete() them; else verify({ ignoreOpen: true })',
};
const keptTitle =
  'still open, because `share` stops an operation by a timer, `linger` ms after its last subscriber left:';

/** Lists operations under a title, one a line; an empty text for none. */
function listUnder(title: string, operations: readonly HeldOperation[], advice?: string): string {
  if (operations.length === 0) return '';
  const lines = operations.map(({ operation: { id }, summary, state }) => {
    const standing = state === 'open' ? '' : ` (${standings[state]})`;
    return `  ${id}: ${summary}${standing}`;
  });
  return [title, ...lines, ...(advice ? [advice] : [])].join('\n');
}

function linesOf(...texts: readonly string[]): string {
  return texts.filter(Boolean).join('\n');
}

function listFound(found: readonly HeldOperation[]): string {
  return listUnder(`${found.length}:`, found);
}

function reasonOf(status: SocketStatus, isDown: boolean): string {
  if (status.state === 'closed') return 'the socket was closed';
  if (status.state === 'failed') return `the connection failed: ${status.error.message}`;
  if (isDown || status.state === 'waiting')
    return 'the connection is down, and reconnect() comes first';
  if (status.state === 'idle') return 'nothing is subscribed';
  return status.state === 'connected'
    ? 'nothing else was sent'
    : 'the connection waits for an option that is asynchronous: `url`, `connectionParams`, …';
}
