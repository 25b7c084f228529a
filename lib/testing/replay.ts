import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler, filter, identity, map, type Observable, repeat, Subject } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { anything, checkAllOf } from './check.js';
import type { FakePeer } from './fake-peer.js';
import { fakeSocket } from './fake-socket.js';
import type { RecordedAttempt } from './recording/attempts.js';
import { onSchedule } from './recording/on-schedule.js';
import { parseRecording, type Recording } from './recording/parse-recording.js';
import {
  type DialPlan,
  planDials,
  type Playback,
  type PlaybackOptions,
  readPlayback,
} from './recording/plan-dials.js';
import { play, type ReplayMessage } from './recording/play.js';
import type { RecordedFrame } from './recording/recording-line.js';
import { chooseSubprotocol } from './recording/scene.js';
import { checkLimit, limitVirtualTime } from './virtual-time.js';
import { withGetters } from './with-getters.js';

/** Options of `replay`. */
export interface ReplayOptions extends PlaybackOptions {
  /** The helpers of `TestScheduler.run`: a test fails that goes on for longer than `limit`. @defaultValue none: time has no end */
  readonly helpers?: Pick<RunHelpers, 'cold'> | undefined;
  /** ms of virtual time, with `helpers`. @defaultValue 600000: ten minutes */
  readonly limit?: number | undefined;
}

/** A recording, as a WebSocket constructor and as an Observable. */
export interface Replay extends WebSocketConstructor {
  /** The received frames at their times, counted from the first dial. Cold; completes with the recording. */
  readonly frames$: Observable<RecordedFrame>;
  /** The server's end of every dialled socket, in order. */
  readonly peers: readonly FakePeer[];
}

/**
 * Plays a recording without a network, in rxjs' time: virtual in `TestScheduler.run`.
 *
 * As `webSocketImpl` it is the recorded server. The nth dial gets the nth recorded socket; later dials fail, unless `loop` is true. The server
 * opens, acknowledges, answers, closes or falls silent with the recorded delays, counted from the actions of the client: the dial,
 * `connection_init`, an operation. It speaks the protocol that the client offers, and answers an operation with the recorded results of the
 * same request; else of the same document; else of the first one left.
 * @param recording - the text that `record` wrote
 * @throws Error - the text is no recording; the message has the number of the line and the reason
 * @throws TypeError - an option is unknown or wrong
 * @example
 * ```ts
 * const webSocketImpl = replay(readFileSync('stall.ndjson', 'utf8'), { speed: 10 });
 * const socket = graphqlSocket({ url: 'ws://replay', webSocketImpl, keepAliveTimeout: 1_000 });
 * ```
 */
export function replay(recording: string, options: ReplayOptions = {}): Replay {
  const elsewhere = { speed: anything, loop: anything, helpers: anything };
  checkAllOf('replay', options, { ...elsewhere, limit: checkLimit });
  const playback = readPlayback(options);
  const parsed = parseRecording(recording);
  const nextDial = planDials(parsed, playback);
  const inboxes = new Map<FakePeer, Subject<ReplayMessage>>();
  const fake = fakeSocket({
    answerPings: false, // the scene answers them, until it falls silent
    received: (message, peer) => inboxes.get(peer)?.next(message),
    dialled: (peer) => {
      const inbox = new Subject<ReplayMessage>();
      inboxes.set(peer, inbox);
      stage(nextDial(), peer, inbox, playback.speed);
    },
  });
  const { helpers, limit = 600_000 } = options;
  if (helpers) limitVirtualTime(helpers, limit, fake.peers);
  return Object.defineProperties(fake as unknown as Replay, {
    frames$: { value: framesOf(parsed, playback) },
  });
}

function stage(
  plan: DialPlan,
  peer: FakePeer,
  messages$: Observable<ReplayMessage>,
  speed: number,
): void {
  const left = () => peer.closes.length > 0;
  asyncScheduler.schedule(() => {
    if ('failure' in plan) {
      peer.fail(new Error(plan.failure));
      return;
    }
    const subprotocol = chooseSubprotocol(plan.scene, peer.offered);
    const client = {
      messages$,
      stall: peer.ignoreClose,
      send: (frame: string) => {
        if (!left()) peer.send(frame);
      },
      close: (code: number, reason: string) => {
        if (!left()) peer.close(code, reason);
      },
    };
    const replayPeer = withGetters(client, { left });
    // before it opens, because the client may send at once
    play(plan.scene, replayPeer, { subprotocol, speed }).subscribe();
    peer.open(subprotocol);
  }, plan.after);
}

function framesOf(
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
