import type { SentRequest } from 'rx-graphql-ws';
import type { RunHelpers, TestScheduler } from 'rxjs/testing';
import { must } from './check.js';
import type { FakePeer } from './fake-peer.js';
import { show } from './show.js';

interface Clock {
  maxFrames: number;
  readonly actions: readonly { readonly delay: number }[];
  assertDeepEqual: TestScheduler['assertDeepEqual'];
}

export const checkLimit = must(
  'a number of milliseconds',
  (value) => typeof value === 'number' && value >= 0,
);

const mostSockets = 5;

/**
 * Stops virtual time at a limit in ms, for the rest of this `run`. An expectation fails when more would happen later, because a stream that
 * retries or pings for ever would never let `run` end. The message of a failed expectation also tells what the server saw.
 */
export function limitVirtualTime(
  { cold }: Pick<RunHelpers, 'cold'>,
  limit: number,
  peers: readonly FakePeer[],
): void {
  // the helpers give their scheduler in no other way
  const { scheduler } = cold('-') as unknown as { readonly scheduler: Clock };
  const { assertDeepEqual } = scheduler;
  scheduler.maxFrames = limit;
  scheduler.assertDeepEqual = (actual, expected) => {
    if (scheduler.actions.some(({ delay }) => delay > scheduler.maxFrames)) {
      throw new Error(
        `virtual time was stopped at ${scheduler.maxFrames} ms with more to come: a retry, a ping or an interval in this test never ends. ` +
          "Give the expectation an unsubscription line: expectObservable(stream$, '^ 100ms !')",
      );
    }
    try {
      assertDeepEqual(actual, expected);
    } catch (error) {
      throw extend(error, describePeers(peers));
    }
  };
}

/** Keeps the error itself, because runners use its class and its members. */
function extend(error: unknown, seen: string): unknown {
  if (!(error instanceof Error) || error.message.endsWith(seen)) return error;
  const { message } = error;
  error.message = `${message}\n${seen}`;
  // runners look for the message in the stack, to print it once
  if (error.stack) error.stack = error.stack.replace(message, () => error.message);
  return error;
}

function describePeers(peers: readonly FakePeer[]): string {
  if (peers.length === 0)
    return 'the server saw no dial: is it the `webSocketImpl`, and has something subscribed?';
  const more = peers.length > mostSockets ? [`… and ${peers.length - mostSockets} more`] : [];
  return ['the server saw:', ...peers.slice(0, mostSockets).map(describe), ...more].join('\n  ');
}

function describe({ attempt, dialledAt, sent, subprotocol, closes }: FakePeer): string {
  const messages = sent
    .map(({ type, frame, payload }) => {
      // of an operation: they tell where one that was sent again begins
      const { variables } = Object(payload) as Partial<SentRequest>;
      const named = String(type ?? frame);
      return variables ? `${named} ${show(variables)}` : named;
    })
    .join(', ');
  const said = messages || (subprotocol === '' ? 'nothing, it was never opened' : 'nothing');
  const left = closes.map(
    ({ at, code = 1005, reason }) =>
      `; the client left at ${at} ms (${`${code} ${reason}`.trimEnd()})`,
  );
  return `attempt ${attempt}, dialled at ${dialledAt} ms: ${said}${left[0] ?? ''}`;
}
