import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler, type Observable, ReplaySubject } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { checkAllOf, flag, must } from './check.js';
import type { FakeOperation, FakePeer } from './fake-peer.js';
import { fakeSocket, type FakeSocketOptions } from './fake-socket.js';
import { checkValues, type MarbleStep, type MarbleValues, readScript } from './marble-script.js';
import { checkLimit, limitVirtualTime } from './virtual-time.js';
import { type SentMessage, wireNames } from './wire.js';

/** Options of `marbleSocket`. */
export interface MarbleSocketOptions extends Pick<FakeSocketOptions, 'ws' | 'answerPings'> {
  /** ms of virtual time. A test that goes on for longer fails, because it could go on for ever. @defaultValue 600000: ten minutes */
  readonly limit?: number | undefined;
}

/** This many dials in one frame count as an endless loop. */
const mostAtOnce = 1_000;

/** A WebSocket constructor with a server that plays marbles. */
export interface MarbleSocket extends WebSocketConstructor {
  /** The client's messages on all connections, each at its frame: for `expectObservable`. Never completes. */
  readonly sent$: Observable<SentMessage>;
  /** The same of its operations. One that is sent again comes again, with a new id and the variables of that send. */
  readonly operations$: Observable<FakeOperation>;
  /** The server's end of every dialled socket, in order. */
  readonly peers: readonly FakePeer[];
}

/**
 * Creates a fake WebSocket constructor for `TestScheduler.run`. Each dial plays one script. One frame is 1 ms.
 *
 * `o` opens the socket with the first subprotocol offered, `a` acknowledges, `k` sends a heartbeat (`ka`, or a `pong` on the current
 * protocol), `p` pings, `1` to `9` sends a result for the nth operation of this connection (its data is the digit, unless `values` has it),
 * `x` drops the connection (1006), `|` closes it with 1000, `#` fails it (an `error` event, then 1006). Any other marble does the action in
 * `values`. As in rxjs, `(oa)` is a group in one frame, and `500ms ` is a pause. A mistake in a script fails the test.
 * @param helpers - the helpers of `TestScheduler.run`
 * @param scripts - one script for each dial, in order; or a function of the dial's number, 1 for the first
 * @param values - the meaning of further letters
 * @throws TypeError - an argument is wrong
 * @throws Error - a script is no marble diagram, or has an unknown marble
 * @example
 * ```ts
 * testScheduler.run((helpers) => {
 *   const server = marbleSocket(helpers, ['oa-1-x', 'oa-1--'], { 1: { data: { price: 7 } } });
 *   const socket = graphqlSocket({ url: 'ws://server', webSocketImpl: server, retry: { delay: 10 } });
 *   const prices$ = socket.subscribe$('subscription { price }');
 *   helpers.expectObservable(prices$, '^ 30ms !').toBe('---p 14ms p', { p: { price: 7 } });
 * });
 * ```
 */
export function marbleSocket(
  helpers: Pick<RunHelpers, 'cold'>,
  scripts: readonly string[] | ((attempt: number) => string),
  values: MarbleValues = {},
  options: MarbleSocketOptions = {},
): MarbleSocket {
  checkHelpers('helpers', helpers);
  checkScripts('scripts', scripts);
  checkValues(values);
  checkAllOf('marbleSocket', options, { limit: checkLimit, ws: flag, answerPings: flag });
  const { limit = 600_000, ...others } = options;
  const scriptOf = typeof scripts === 'function' ? scripts : nextOf(scripts);
  const read = ({ attempt, dialledAt }: Pick<FakePeer, 'attempt' | 'dialledAt'>) =>
    readScript(scriptOf(attempt, dialledAt), values, `attempt ${attempt}`);
  if (typeof scripts !== 'function')
    scripts.forEach((_, index) => read({ attempt: index + 1, dialledAt: 0 }));
  const sent$ = new ReplaySubject<SentMessage>(Infinity);
  const operations$ = new ReplaySubject<FakeOperation>(Infinity);
  const fake = fakeSocket({
    ...others,
    received: (message, peer) => {
      sent$.next(message);
      if (message.type === wireNames(peer.subprotocol).subscribe)
        operations$.next(peer.operations.at(-1) as FakeOperation);
    },
    dialled: (peer) => {
      // an error from the constructor would fail the connection, and the client would retry
      asyncScheduler.schedule(() => {
        refuseStorm(fake.peers, peer);
        for (const step of read(peer)) play(step, peer);
      });
    },
  });
  limitVirtualTime(helpers, limit, fake.peers);
  return Object.defineProperties(fake as unknown as MarbleSocket, {
    sent$: { value: sent$.asObservable() },
    operations$: { value: operations$.asObservable() },
  });
}

const checkHelpers = must(
  'the helpers of TestScheduler.run',
  (value) => typeof (value as Partial<RunHelpers> | undefined)?.cold === 'function',
);

const checkScripts = must(
  'a list of scripts, one for each dial, or a function',
  (value) =>
    typeof value === 'function' ||
    (Array.isArray(value) && value.every((script) => typeof script === 'string')),
);

function nextOf(scripts: readonly string[]) {
  return (attempt: number, at: number) => {
    const script = scripts[attempt - 1];
    if (script !== undefined) return script;
    const given = scripts.length === 1 ? '1 script was' : `${scripts.length} scripts were`;
    throw new Error(
      `attempt ${attempt} has no script: ${given} given to marbleSocket, and the client dialled again at ${at} ms. ` +
        'If it should not, give the expectation an unsubscription line',
    );
  };
}

/** Virtual time stands still while a client dials again at once, so the limit would never be reached. */
function refuseStorm(peers: readonly FakePeer[], { attempt, dialledAt }: FakePeer): void {
  const first = peers[attempt - 1 - mostAtOnce];
  if (first?.dialledAt === dialledAt)
    throw new Error(
      `the client dialled ${mostAtOnce} times at ${dialledAt} ms: give \`retry\` a delay`,
    );
}

function play({ frame, marble, run }: MarbleStep, peer: FakePeer): void {
  asyncScheduler.schedule(() => {
    if (peer.closes.length > 0) return;
    try {
      run(peer);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`attempt ${peer.attempt}, "${marble}" at ${frame} ms: ${message}`, { cause });
    }
  }, frame);
}
