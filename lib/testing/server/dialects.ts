import type { GraphQLFormattedError } from 'rx-graphql-ws';
import { isObject, isText } from '../check.js';
import { parsed } from '../json.js';
import type { Peer, Rejection, Subprotocol, WireMessage } from './api/peer.js';

/** Parses the message in a frame: `undefined` unless the frame is a JSON object with a string `type`. */
export function parseWireMessage(text: string): WireMessage | undefined {
  const value = parsed(text);
  return isObject(value) && isText(value.type) ? (value as unknown as WireMessage) : undefined;
}

/** The purpose of a client's message, under one name for both protocols. */
export type Verb = 'init' | 'subscribe' | 'stop' | 'ping' | 'pong' | 'terminate';

/** One protocol as the server speaks it. All differences between the two are here. */
export interface Dialect {
  readonly subprotocol: Subprotocol;
  readonly verbs: ReadonlyMap<string, Verb>;
  /** The type of a result: `next` or `data`. */
  readonly result: string;
  /** Whether it beats right after the ack, acknowledges a second init and a stop, and lets an operation replace that with its id. */
  readonly isLegacy: boolean;
  heartbeat(type: 'ping' | 'pong', payload: unknown): WireMessage;
  error(id: string, errors: readonly GraphQLFormattedError[]): WireMessage;
  /** ms within which an init must come, unless the options say otherwise; `false` for no limit. */
  readonly initTimeout: number | false;
  /** Whether an operation may come before the ack, and waits for it; otherwise the server closes with 4401. */
  readonly waitsForAck: boolean;
  /** Whether a message has the members that its type needs. */
  isWhole(message: WireMessage): boolean;
  refuse(peer: Peer, rejection: Rejection): void;
  malformed(peer: Peer, frame: string): void;
  syntaxError(peer: Peer, id: string, message: string): void;
}

const isOptional = (value: unknown, test: (value: unknown) => boolean = isObject) =>
  value === undefined || value === null || test(value);

/** As `validateMessage` of graphql-ws 6. */
function isWholeMessage({ type, id, payload }: WireMessage): boolean {
  const hasId = isText(id) && id !== '';
  if (type === 'complete') return hasId;
  return type === 'subscribe' ? hasId && isRequest(payload) : isOptional(payload);
}

function isRequest(payload: unknown): boolean {
  if (!isObject(payload) || !isText(payload.query)) return false;
  const { variables, operationName, extensions } = payload;
  return isOptional(variables) && isOptional(operationName, isText) && isOptional(extensions);
}

/** graphql-transport-ws, after PROTOCOL.md of the library graphql-ws. */
export const currentDialect: Dialect = {
  subprotocol: 'graphql-transport-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['subscribe', 'subscribe'],
    ['complete', 'stop'],
    ['ping', 'ping'],
    ['pong', 'pong'],
  ]),
  result: 'next',
  isLegacy: false,
  initTimeout: 3_000,
  waitsForAck: false,
  isWhole: isWholeMessage,
  heartbeat: (type, payload) => ({ type, payload }),
  error: (id, errors) => ({ id, type: 'error', payload: errors }),
  refuse: (peer, { code = 4403, reason = 'Forbidden' }) => {
    if (code !== false) peer.close(code, reason);
  },
  malformed: (peer) => peer.close(4400, 'Invalid message received'),
  syntaxError: (peer, _id, message) => peer.close(4500, message),
};

const none = ['connection_error', 'Invalid message'] as const;
const strange = ['error', 'Invalid message type!'] as const;

/** The legacy Apollo protocol `graphql-ws`, as the server of subscriptions-transport-ws 0.11 speaks it. */
export const legacyDialect: Dialect = {
  subprotocol: 'graphql-ws',
  verbs: new Map([
    ['connection_init', 'init'],
    ['start', 'subscribe'],
    ['stop', 'stop'],
    ['connection_terminate', 'terminate'],
  ]),
  result: 'data',
  isLegacy: true,
  initTimeout: false,
  waitsForAck: true,
  isWhole: ({ type, id }) => type !== 'start' || (isText(id) && id !== ''),
  heartbeat: () => ({ type: 'ka' }),
  error: (id, [error]) => ({ id, type: 'error', payload: error }),
  refuse: (peer, { reject, code = 1011, reason = 'Forbidden' }) => {
    peer.send({ type: 'connection_error', payload: reject });
    if (code !== false) peer.close(code, reason);
  },
  // The Apollo server leaves the socket open.
  malformed: (peer, frame) => {
    const value = parsed(frame) ?? undefined;
    const { id = value === undefined ? null : undefined } = Object(value) as { id?: unknown };
    const [type, message] = value === undefined ? none : strange;
    peer.send({ type, id, payload: { message } });
  },
  syntaxError: (peer, id, message) => peer.send({ id, type: 'error', payload: { message } }),
};
