import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import type { ObservableNotification } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { anything, checkAllOf, isObject, isText, isWhole, must } from './check.js';
import type { FakePeer, FakePeerControls, OperationRef } from './fake-peer.js';
import { show } from './show.js';

/** A result, whole or in part. */
export interface MarbleResult extends Pick<ExecutionResult, 'errors' | 'extensions'> {
  /** The number of the operation on this connection, or its id. Default: the digit of the marble, else 1. */
  readonly operation?: OperationRef | undefined;
  readonly data?: unknown;
}

/** The meaning of a letter in a script: the server does one of these things. */
export type MarbleValue =
  | MarbleResult
  /** The operation fails: the `error` message. */
  | {
      readonly operation?: OperationRef | undefined;
      readonly error: readonly GraphQLFormattedError[];
    }
  /** The operation ends. */
  | { readonly operation?: OperationRef | undefined; readonly complete: true }
  /** The socket opens with this subprotocol, instead of the first one offered. */
  | { readonly open: string }
  /** The socket closes with this close code, and a reason. */
  | { readonly close: number | { readonly code: number; readonly reason?: string } }
  /** The server sends this frame: text or bytes unchanged, an object as JSON. */
  | { readonly frame: unknown };

/** The values by their letters or digits. */
export type MarbleValues = Readonly<Record<string, MarbleValue>>;

export interface MarbleStep {
  /** ms after the dial. */
  readonly frame: number;
  readonly marble: string;
  readonly run: Action;
}

type Action = (peer: FakePeer) => void;

/** The controls for marbles with a fixed meaning, except the digits. */
const alphabet = {
  ...({ o: 'open', a: 'ack', k: 'ka' } as const),
  ...({ p: 'ping', x: 'drop', '#': 'fail' } as const),
} satisfies Readonly<Record<string, keyof FakePeerControls>>;

const knownMarbles = 'o a k p 1-9 x | # and the keys of values';

const isClose = (close: unknown) => {
  const { code = close } = Object(close) as { readonly code?: unknown };
  return isWhole(code, 1000) && code <= 4999;
};
const results = { data: anything, errors: anything, extensions: anything };
const actions = {
  ...{ error: anything, complete: anything, open: anything },
  close: must('a close code from 1000 to 4999, or { code, reason }', isClose, show),
  frame: anything,
};

/** Checks the values of a marble socket. @throws TypeError - a letter that has a meaning already, or a value that is no single action */
export function checkValues(values: MarbleValues): void {
  for (const [letter, value] of Object.entries(values)) {
    const name = `values.${letter}`;
    const isFree = letter.length === 1 && letter !== '|' && !Object.hasOwn(alphabet, letter);
    const free = `named by one character that has no meaning yet (known: ${knownMarbles})`;
    must(free, () => isFree)(name, letter);
    must('an object', isObject, show)(name, value);
    checkAllOf(name, value, { operation: anything, ...results, ...actions }, 'member');
    const given = Object.keys(value).filter((key) => key !== 'operation');
    const isResult = given.every((key) => Object.hasOwn(results, key));
    const all = `${Object.keys(results).join(', ')}, or one of ${Object.keys(actions).join(', ')}`;
    const isOne = given.length === 1 || (isResult && given.length > 1);
    must(`an object with ${all}`, () => isOne, show)(name, value);
  }
}

/** @param where - names the attempt in messages @throws Error - an unknown marble, or marbles after the end of the socket */
export function readScript(script: string, values: MarbleValues, where: string) {
  must('a script', isText)(where, script);
  const complain = (what: string) => new Error(`${where}, "${script}": ${what}`);
  const steps = parse(script, complain).map(({ frame, marble }): MarbleStep => {
    const run = actionOf(marble, values);
    if (run) return { frame, marble, run };
    const keys = Object.keys(values).join(' ') || 'there are none';
    const known = `known are ${knownMarbles} (${keys})`;
    throw complain(`unknown marble "${marble}" at ${frame} ms; ${known}`);
  });
  const end = steps.findIndex(({ marble }) => '|#x'.includes(marble));
  const after = end >= 0 && steps[end + 1];
  if (after)
    throw complain(`"${after.marble}" at ${after.frame} ms comes after the end of the socket`);
  return steps;
}

function parse(script: string, complain: (what: string) => Error) {
  try {
    return TestScheduler.parseMarbles(script, undefined, undefined, undefined, true).map(
      ({ frame, notification }) => ({ frame, marble: marbleOf(notification) }),
    );
  } catch (error) {
    throw complain((error as Error).message);
  }
}

function marbleOf(notification: ObservableNotification<unknown>): string {
  if (notification.kind === 'N') return String(notification.value);
  return notification.kind === 'C' ? '|' : '#';
}

function actionOf(marble: string, values: MarbleValues): Action | undefined {
  const number = /^[1-9]$/.test(marble) ? Number(marble) : undefined;
  if (Object.hasOwn(values, marble)) return actionFor(values[marble] as MarbleValue, number ?? 1);
  if (number !== undefined)
    // the digit is the data, so that the expected diagram looks like the script
    return (peer) => peer.next(number, marble);
  if (marble === '|') return actionFor({ close: 1000 }, 1);
  if (!Object.hasOwn(alphabet, marble)) return undefined;
  return (peer) => peer[alphabet[marble as keyof typeof alphabet]]();
}

function actionFor(value: MarbleValue, first: number): Action {
  return (peer) => {
    if ('frame' in value) peer.send(value.frame);
    else if ('open' in value) peer.open(value.open);
    else if ('close' in value) {
      const { close } = value;
      if (typeof close === 'number') peer.close(close);
      else peer.close(close.code, close.reason);
    } else {
      const { operation = first, ...result } = value;
      if ('error' in result) peer.error(operation, result.error);
      else if ('complete' in result) peer.complete(operation);
      else peer.result(operation, result);
    }
  };
}
