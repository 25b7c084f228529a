import type { WebSocketConstructor } from 'rx-graphql-ws';
import { asyncScheduler, filter, identity, map, type Observable, repeat, Subject } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { anything, checkAllOf } from './check.js';
import type { FakePeer } from './fake-peer.js';
import { fakeSocket } from './fake-socket.js';
import { type RecordedAttempt, readAttempts } from './recording/attempts.js';
import { onSchedule } from './recording/on-schedule.js';
import {
  type DialPlan,
  planDials,
  playbackChecks,
  type PlaybackOptions,
} from './recording/plan-dials.js';
import { play, type ReplayMessage } from './recording/play.js';
import { parseRecording, type RecordedFrame, type Recording } from './recording/recording.js';
import { chooseSubprotocol } from './recording/translate.js';
import { checkLimit, limitVirtualTime } from './virtual-time.js';

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
  checkAllOf('replay', options, { ...playbackChecks, helpers: anything, limit: checkLimit });
  const lines = parseRecording(recording);
  const nextDial = planDials(lines, options);
  const inboxes = new Map<FakePeer, Subject<ReplayMessage>>();
  const fake = fakeSocket({
    answerPings: false, // the scene answers them, until it falls silent
    received: (message, peer) => inboxes.get(peer)?.next(message),
    dialled: (peer) => {
      const inbox = new Subject<ReplayMessage>();
      inboxes.set(peer, inbox);
      stage(nextDial(), peer, inbox, options.speed);
    },
  });
  const { helpers, limit = 600_000 } = options;
  if (helpers) limitVirtualTime(helpers, limit, fake.peers);
  return Object.defineProperties(fake as unknown as Replay, {
    frames$: { value: framesOf(lines, options) },
  });
}

function stage(plan: DialPlan, peer: FakePeer, inbox: Subject<ReplayMessage>, speed?: number) {
  asyncScheduler.schedule(() => {
    if ('failure' in plan) {
      peer.fail(new Error(plan.failure));
      return;
    }
    const subprotocol = chooseSubprotocol(plan.scene, peer.offered);
    const { send, close, ignoreClose: stall } = peer;
    const client = { messages$: inbox, send, close, stall, hasLeft: () => peer.closes.length > 0 };
    // before it opens, because the client may send at once
    play(plan.scene, client, subprotocol, speed).subscribe();
    peer.open(subprotocol);
  }, plan.after);
}

function framesOf(lines: Recording, { speed = 1, loop = false }: PlaybackOptions) {
  const { dialledAt } = readAttempts(lines)[0] as RecordedAttempt;
  const last = lines.length - 1;
  const cues = lines.flatMap((line, index) => {
    const isReceived = 'direction' in line && line.direction === 'received';
    if (isReceived) return { at: line.time - dialledAt, frame: line };
    // the recording lasts until its last line
    return index === last ? { at: line.time - dialledAt, frame: undefined } : [];
  });
  return onSchedule(cues, speed).pipe(
    map(({ frame }) => frame),
    filter((frame) => frame !== undefined),
    loop ? repeat() : identity,
  );
}
