/** What the messages of a protocol are called. */
export interface Words {
  readonly subscribe: string;
  readonly keepAlive: boolean;
  result(id: string, payload: string, sorted?: boolean): string;
}

export function wordsOf(subprotocol: string): Words {
  const legacy = subprotocol === 'graphql-ws';
  const type = legacy ? 'data' : 'next';
  return {
    subscribe: legacy ? 'start' : 'subscribe',
    keepAlive: legacy,
    result: (id, payload, sorted = false) =>
      sorted
        ? `{"id":"${id}","payload":${payload},"type":"${type}"}`
        : `{"id":"${id}","type":"${type}","payload":${payload}}`,
  };
}
