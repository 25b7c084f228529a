import type { ConnectionContext, GraphQLTestServerOptions } from './api/options.js';
import type { LedgerFact } from './ledger.js';

/** What the parts of one server share. */
export interface Core {
  readonly options: Settled;
  readonly write: (fact: LedgerFact) => void;
  /** Keeps an error about a function of the user's, for `finished()` and `stop()`. */
  readonly fail: (error: unknown) => void;
  /** Takes a stream for a client. Returns a function that gives it back, or `undefined` at the limit `maxStreams`. */
  readonly takeStream: (context: ConnectionContext) => (() => void) | undefined;
}

type Settled = Omit<GraphQLTestServerOptions, keyof typeof defaults> & {
  readonly [K in keyof typeof defaults]: Exclude<GraphQLTestServerOptions[K], undefined>;
};

const defaults = {
  host: '127.0.0.1',
  port: 0,
  subprotocols: ['graphql-transport-ws', 'graphql-ws'],
  fallback: false,
  headers: {},
  ackDelay: 0,
  answerPings: true,
  keepAlive: false,
  keepAliveJitter: 0,
  keepAliveMessage: 'ping',
  ignoreStop: false,
  maxBuffered: false,
  maxStreams: false,
  tokens: false,
  backfill: {},
  ledger: {},
  seed: 1,
  authorize: () => true,
  connect: () => true,
  handle: () => {
    throw new Error('this test server has no handler');
  },
} satisfies GraphQLTestServerOptions;

/** Adds the defaults. An option that is `undefined` counts as absent. */
export function settle(options: GraphQLTestServerOptions): Settled {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
