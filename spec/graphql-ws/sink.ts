import type { GraphQLWsResult, GraphQLWsSink } from 'rx-graphql-ws/graphql-ws';

/** A sink that writes down its calls: `['next', result]`, `['error', error]`, `['complete']`. */
export function recordingSink() {
  const calls: unknown[][] = [];
  const sink: GraphQLWsSink<GraphQLWsResult> = {
    next: (result) => void calls.push(['next', result]),
    error: (error) => void calls.push(['error', error]),
    complete: () => void calls.push(['complete']),
  };
  return {
    sink,
    calls,
    /** The results so far. */
    results: () => calls.filter(([name]) => name === 'next').map(([, result]) => result),
    /** `error` or `complete`, once the operation is over. */
    end: () => calls.find(([name]) => name !== 'next'),
  };
}
