/** What a server's messages are called on the wire, and a client's request for an operation. */
export interface WireNames {
  readonly subscribe: string;
  readonly stop: string;
  readonly next: string;
  /** A heartbeat that wants no answer. */
  readonly heartbeat: string;
  /** The server's ping; the legacy protocol has none. */
  readonly ping: string | undefined;
}

const current: WireNames = {
  subscribe: 'subscribe',
  stop: 'complete',
  next: 'next',
  heartbeat: 'pong',
  ping: 'ping',
};

const legacy: WireNames = {
  subscribe: 'start',
  stop: 'stop',
  next: 'data',
  heartbeat: 'ka',
  ping: undefined,
};

/**
 * The names in a subprotocol.
 *
 * @param subprotocol - the one selected; anything but `graphql-transport-ws` is taken for the legacy one
 */
export function wireNames(subprotocol: string): WireNames {
  return subprotocol === 'graphql-transport-ws' ? current : legacy;
}
