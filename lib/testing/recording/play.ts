import {
  concatMap,
  defer,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  takeUntil,
  takeWhile,
  tap,
} from 'rxjs';
import { castOperations } from './cast-operations.js';
import { createVoice, type Voice } from './create-voice.js';
import { onSchedule } from './on-schedule.js';
import type { ReplayMessage, ReplayPeer } from './replay-peer.js';
import type { Cue, Scene } from './scene.js';
import { trackProgress } from './track-progress.js';

/** How an attempt is played. */
export interface Staging {
  /** The subprotocol that was selected. */
  readonly subprotocol: string;
  /** How many recorded ms pass in one. */
  readonly speed: number;
}

/** Plays cues, those of an operation under the id that this client gave it. */
type Perform = (cues: readonly Cue[], id?: string) => Observable<unknown>;

/**
 * Plays an attempt to a client, in its protocol and under its ids, while it is subscribed to.
 *
 * @param scene - the attempt
 * @param peer - the client
 * @param staging - how
 */
export function play(
  scene: Scene,
  peer: ReplayPeer,
  { subprotocol, speed }: Staging,
): Observable<unknown> {
  return defer(() => {
    const voice = createVoice(scene, peer, subprotocol);
    const casting = castOperations(scene.operations);
    const { track, played$ } = trackProgress(() => casting.unsent);
    let silent = false;
    const act = (cue: Cue, id: string | undefined) => {
      if ('frame' in cue) voice.say(cue.frame, id);
      else if (cue.end.kind === 'closed') peer.close(cue.end.code, cue.end.reason);
      else {
        silent = true;
        peer.stall();
      }
    };
    const perform: Perform = (cues, id) =>
      onSchedule(cues, speed).pipe(
        // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value -- who has left is spared whatever comes
        takeWhile(() => !peer.left),
        concatMap((cue) => ('end' in cue ? played$.pipe(map(() => cue)) : of(cue))),
        tap((cue) => {
          act(cue, id);
        }),
      );
    const answer = (id: string, request: unknown) => {
      const operation = casting.take(request);
      if (operation) return track(perform(operation.cues, id));
      const { length } = scene.operations;
      const count = length === 1 ? '1 operation' : `${length} operations`;
      voice.refuse(id, `the recording has ${count} on this connection, and this is one more`);
      return EMPTY;
    };
    const messages$ = peer.messages$.pipe(filter(() => !silent));
    const greeting$ = defer(() => perform(scene.greeting));
    return merge(perform(scene.opening), converse(messages$, voice, greeting$, answer));
  });
}

/** Answers what the client says. */
function converse(
  messages$: ReplayPeer['messages$'],
  voice: Voice,
  greeting$: Observable<unknown>,
  answer: (id: string, request: unknown) => Observable<unknown>,
): Observable<unknown> {
  const stopped$ = new Subject<string>();
  let greeted = false;
  const react = ({ type, id: given, payload }: ReplayMessage) => {
    voice.hear(type);
    const { names } = voice;
    const id = String(given);
    if (type === 'connection_init' && !greeted) {
      greeted = true;
      return greeting$;
    }
    if (type === names.subscribe || type === names.stop) stopped$.next(id);
    if (type === names.subscribe)
      return answer(id, payload).pipe(takeUntil(stopped$.pipe(filter((other) => other === id))));
    if (type === 'ping' && names.ping !== undefined) voice.pong(payload);
    return EMPTY;
  };
  return messages$.pipe(mergeMap(react));
}
