/** What is on the wire, per protocol. */
export interface Wire {
  readonly subprotocol: string;
  readonly subscribe: (id: string, payload: object) => object;
  readonly next: (id: string | number, payload: unknown) => object;
  /** What the client says when it unsubscribes. */
  readonly stop: (id: string) => object;
  readonly goodbye: readonly object[];
}

const wire = (
  subprotocol: string,
  [subscribe, next, stop]: readonly [string, string, string],
  goodbye: readonly object[],
): Wire => ({
  subprotocol,
  subscribe: (id, payload) => ({ type: subscribe, id, payload }),
  next: (id, payload) => ({ type: next, id, payload }),
  stop: (id) => ({ type: stop, id }),
  goodbye,
});

export const current = wire('graphql-transport-ws', ['subscribe', 'next', 'complete'], []);
export const legacy = wire(
  'graphql-ws',
  ['start', 'data', 'stop'],
  [{ type: 'connection_terminate' }],
);
export const protocols = [current, legacy];

export const ack = (payload?: unknown) => ({ type: 'connection_ack', payload });
export const init = { type: 'connection_init' };
export const complete = (id: string) => ({ type: 'complete', id });
export const failure = (id: string, ...messages: string[]) => ({
  type: 'error',
  id,
  payload: messages.map((message) => ({ message })),
});

/** JSON that every engine reads. `JSON.stringify` calls itself for each level, up to Node 24, and cannot write it. */
export const deepJson = '['.repeat(100_000) + ']'.repeat(100_000);

export function canWriteDeepJson(): boolean {
  try {
    return JSON.stringify(JSON.parse(deepJson)) === deepJson;
  } catch {
    return false;
  }
}
