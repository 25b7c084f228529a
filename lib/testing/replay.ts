import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler, filter, identity, map, type Observable, repeat, Subject } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { checkNames } from './check-names.js';
import type { FakePeer } from './fake-peer.js';
import { fakeSocket } from './fake-socket.js';
import { chooseSubprotocol } from './recording/choose-subprotocol.js';
import { onSchedule } from './recording/on-schedule.js';
import { parseRecording, type Recording } from './recording/parse-recording.js';
import { type DialPlan, planDials } from './recording/plan-dials.js';
import { play } from './recording/play.js';
import { type Playback, type PlaybackOptions, readPlayback } from './recording/playback.js';
import type { RecordedAttempt } from './recording/recorded-attempt.js';
import type { RecordedFrame } from './recording/recording-line.js';
import type { ReplayMessage } from './recording/replay-peer.js';
import { testify } from './testify.js';
import { limitVirtualTime } from './virtual-limit.js';

/** Options of `replay`. */
export interface ReplayOptions extends PlaybackOptions {
  /**
   * Of `TestScheduler.run`: virtual time ends with the limit, and a test that is not over then fails, instead of going on for ever.
   *
   * @defaultValue none: time has no end
   */
  readonly helpers?: Pick<RunHelpers, 'cold'> | undefined;
  /**
   * ms of virtual time, with `helpers`.
   *
   * @defaultValue 600000: ten minutes
   */
  readonly limit?: number | undefined;
}

/** A recording, as a WebSocket constructor and as an Observable. */
export interface Replay extends WebSocketConstructor {
  /** What was received, when it was received, counted from the first dial. Cold; completes with the recording. */
  readonly frames$: Observable<RecordedFrame>;
  /** The server's end of every socket dialled, in order. */
  readonly peers: readonly FakePeer[];
}

/**
 * Plays a recording without a network, on rxjs' time: virtual in `TestScheduler.run`.
 *
 * As `webSocketImpl` it is the server that was recorded: the nth dial is what the nth was. It opens, acknowledges, answers, closes or
 * falls silent as late as it did then, counted from what the client did: the dial, `connection_init`, an operation. It
 *
 * - speaks the protocol that the client offers, whichever was recorded;
 * - gives an operation the results of the one that was the same request; else of one with the same document; else of the first that is
 *   left. One more than were recorded fails. When the client ends an operation, so do its results;
 * - answers pings, unless it has fallen silent. It does after the last frame if the client gave the connection up for silence;
 * - stays open where the client left, or the recording stopped;
 * - fails the dials after the last one, unless `loop`.
 *
 * @param recording - its text, as `record` made it
 * @throws Error - it is none: the number of the line and the reason
 * @throws TypeError - an option is unknown or wrong
 *
 * @example
 * ```ts
 * testScheduler.run((helpers) => {
 *   const recorded = replay(readFileSync('stall.ndjson', 'utf8'), { helpers });
 *   const socket = graphqlSocket({ url: 'ws://replay', webSocketImpl: recorded, keepAliveTimeout: 10_000 });
 *   const trades$ = socket.subscribe$('subscription { trades { price } }');
 *   helpers.expectObservable(trades$, '^ 60s !').toBe(…);
 * });
 * ```
 */
export function replay(recording: string, options: ReplayOptions = {}): Replay {
  checkNames('replay', options, optionNames);
  const playback = readPlayback(options);
  const parsed = parseRecording(recording);
  const nextDial = planDials(parsed, playback);
  const inboxes = new Map<FakePeer, Subject<ReplayMessage>>();
  const fake = fakeSocket({
    received: (message, peer) => inboxes.get(peer)?.next(message),
    dialled: (peer) => {
      const inbox = new Subject<ReplayMessage>();
      inboxes.set(peer, inbox);
      stage(nextDial(), peer, inbox, playback);
    },
  });
  const { helpers, limit = 600_000 } = options;
  if (helpers) limitVirtualTime(helpers, limit, () => testify(fake.peers));
  return Object.defineProperties(fake as unknown as Replay, {
    frames$: { value: frames(parsed, playback) },
  });
}

const optionNames: readonly (keyof ReplayOptions)[] = ['speed', 'loop', 'helpers', 'limit'];

function stage(
  plan: DialPlan,
  peer: FakePeer,
  messages$: Observable<ReplayMessage>,
  { speed }: Playback,
): void {
  const hasLeft = () => peer.closes.length > 0;
  asyncScheduler.schedule(() => {
    if ('failure' in plan) {
      peer.fail(new Error(plan.failure));
      return;
    }
    const subprotocol = chooseSubprotocol(plan.scene, peer.offered);
    const replayPeer = {
      messages$,
      get left() {
        return hasLeft();
      },
      send: (frame: string) => {
        if (!hasLeft()) peer.send(frame);
      },
      close: (code: number, reason: string) => {
        if (!hasLeft()) peer.close(code, reason);
      },
      stall: () => {
        peer.ignoreClose();
      },
    };
    // before it opens: the client may speak at once
    play(plan.scene, replayPeer, { subprotocol, speed }).subscribe();
    peer.open(subprotocol);
  }, plan.after);
}

function frames(
  { attempts, received, endedAt }: Recording,
  { speed, loop }: Playback,
): Observable<RecordedFrame> {
  const { dialledAt: start } = attempts[0] as RecordedAttempt;
  const cues = received.map((frame) => ({ at: frame.time - start, frame }));
  return onSchedule([...cues, { at: endedAt - start, frame: undefined }], speed).pipe(
    map(({ frame }) => frame),
    filter((frame) => frame !== undefined),
    loop ? repeat() : identity,
  );
}
