import type { GraphQLFormattedError } from 'rx-graphql-ws';
import { isObject } from './check.js';
import { parsed } from './json.js';

/** A message from the client, parsed. A frame that is not a JSON object appears as `{ frame }`. */
export type SentMessage = Readonly<Record<string, unknown>>;

export function parseSent(frame: string): SentMessage {
  const message = parsed(frame);
  return isObject(message) ? message : { frame };
}

/** The names of message types in a subprotocol. A heartbeat needs no answer. The legacy protocol has no ping. */
export type WireNames = Readonly<Record<'subscribe' | 'stop' | 'next' | 'heartbeat', string>> & {
  readonly ping: string | undefined;
};

const current: WireNames = {
  ...{ subscribe: 'subscribe', next: 'next', stop: 'complete' },
  ...{ heartbeat: 'pong', ping: 'ping' },
};
const legacy: WireNames = {
  ...{ subscribe: 'start', next: 'data', stop: 'stop' },
  ...{ heartbeat: 'ka', ping: undefined },
};

/** Every subprotocol other than `graphql-transport-ws` counts as the legacy protocol. */
export function wireNames(subprotocol: string): WireNames {
  return subprotocol === 'graphql-transport-ws' ? current : legacy;
}

/** Turns each `Error` of a list into a GraphQL error, because JSON would write `{}`. One with a `toJSON()`, such as GraphQLError, stays. */
export function plainErrors<T>(errors: T): T {
  return Array.isArray(errors) ? (errors.map(plainError) as T) : errors;
}

export function withPlainErrors<T extends object>(result: T): T {
  return 'errors' in result ? { ...result, errors: plainErrors(result.errors) } : result;
}

function plainError(error: unknown): unknown {
  // by its tag: test environments have globals of their own
  if (Object.prototype.toString.call(error) !== '[object Error]') return error;
  // JSON leaves out members that are undefined
  const { message, locations, path, extensions } = error as GraphQLFormattedError;
  return { message, locations, path, extensions };
}
