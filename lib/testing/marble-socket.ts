import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler, ReplaySubject, type Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { checkMarbleArguments } from './check-marble-arguments.js';
import type { FakePeer } from './fake-peer.js';
import { fakeSocket } from './fake-socket.js';
import { readScript, type MarbleStep } from './marble-script.js';
import type { MarbleValues } from './marble-value.js';
import type { SentMessage } from './sent-message.js';
import { testify } from './testify.js';
import { limitVirtualTime } from './virtual-limit.js';

/** Options of `marbleSocket`. */
export interface MarbleSocketOptions {
  /**
   * ms of virtual time after which a test that is still not over fails, instead of going on for ever.
   *
   * @defaultValue 600000: ten minutes
   */
  readonly limit?: number | undefined;
  /**
   * Whether the sockets have what `ws` has besides a browser's WebSocket: `on`, `ping`, `terminate`, `pause`, `resume`.
   *
   * @defaultValue false
   */
  readonly ws?: boolean | undefined;
  /**
   * Whether a client's `ping` is answered with a `pong`, as servers do. `false` is for tests of `pongTimeout`.
   *
   * @defaultValue true
   */
  readonly answerPings?: boolean | undefined;
}

/** Dials in one frame that are taken for an endless loop. */
const mostAtOnce = 1_000;

/** A WebSocket constructor whose server plays marbles. */
export interface MarbleSocket extends WebSocketConstructor {
  /** What the client sends, over all connections, at the frame at which it does: for `expectObservable`. Never completes. */
  readonly sent$: Observable<SentMessage>;
  /** The server's end of every socket dialled, in order. */
  readonly peers: readonly FakePeer[];
}

/**
 * A fake WebSocket constructor for `TestScheduler.run`. Each dial plays one script from then on, a frame is a ms:
 *
 * | marble | the server |
 * |---|---|
 * | `o` | opens the socket, with the first subprotocol offered |
 * | `a` | acknowledges |
 * | `k` | beats: `ka`, on the current protocol an unsolicited `pong` |
 * | `p` | pings; a ping of the client's it answers by itself |
 * | `1` to `9` | sends a result for the nth operation that was sent on this connection; its data is the digit, unless `values` says more |
 * | `x` | drops the connection: 1006 |
 * | `|` | closes it with 1000 |
 * | `#` | fails: an `error` event, then 1006 |
 * | any other | what `values` says |
 *
 * `(oa)` is several in one frame, `500ms ` a pause, as in rxjs. What goes wrong in the script fails the test.
 *
 * @param helpers - of `TestScheduler.run`
 * @param scripts - one for each dial, in order; or a function of the dial's number, 1 for the first
 * @param values - what letters stand for
 * @throws Error - a script that is no marble diagram, an unknown marble, a value that says nothing
 *
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
  checkMarbleArguments(helpers, scripts, values, options);
  const { limit = 600_000, answerPings = true, ws } = options;
  const scriptOf = typeof scripts === 'function' ? scripts : listed(scripts);
  const read = ({ attempt, dialledAt }: Pick<FakePeer, 'attempt' | 'dialledAt'>) =>
    readScript(scriptOf(attempt, dialledAt), values, `attempt ${attempt}`);
  if (typeof scripts !== 'function')
    scripts.forEach((_, index) => read({ attempt: index + 1, dialledAt: 0 }));
  const sent$ = new ReplaySubject<SentMessage>(Infinity);
  const fake = fakeSocket({
    ws,
    received: (message, peer) => {
      sent$.next(message);
      if (answerPings && message.type === 'ping') pong(peer, message);
    },
    dialled: (peer) => {
      // thrown from a constructor it would be an error of the connection, and retried
      asyncScheduler.schedule(() => {
        refuseStorm(fake.peers, peer);
        for (const step of read(peer)) play(step, peer);
      });
    },
  });
  limitVirtualTime(helpers, limit, () => testify(fake.peers));
  return Object.defineProperties(fake as unknown as MarbleSocket, {
    sent$: { value: sent$.asObservable() },
  });
}

function listed(scripts: readonly string[]) {
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

/** Virtual time does not pass where a client dials again at once: no limit would be reached. */
function refuseStorm(peers: readonly FakePeer[], { attempt, dialledAt }: FakePeer): void {
  const first = peers[attempt - 1 - mostAtOnce];
  if (first?.dialledAt === dialledAt)
    throw new Error(
      `the client dialled ${mostAtOnce} times at ${dialledAt} ms: give \`retry\` a delay`,
    );
}

function pong(peer: FakePeer, { payload }: SentMessage): void {
  asyncScheduler.schedule(() => {
    peer.send({ type: 'pong', payload });
  });
}

function play({ frame, marble, run }: MarbleStep, peer: FakePeer): void {
  asyncScheduler.schedule(() => {
    // the client has left: a server speaks in vain
    if (peer.closes.length > 0) return;
    try {
      run(peer);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`attempt ${peer.attempt}, "${marble}" at ${frame} ms: ${message}`, { cause });
    }
  }, frame);
}
