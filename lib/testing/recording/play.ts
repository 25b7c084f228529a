import {
  BehaviorSubject,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { isText } from '../check.js';
import { isEqual } from '../is-equal.js';
import { parseSent, wireNames } from '../wire.js';
import { onSchedule } from './on-schedule.js';
import { redactMessage } from './redact.js';
import { type Cue, type Scene, type SceneOperation, type ServerFrame, translate } from './scene.js';

/** A message of the client. */
export interface ReplayMessage {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/** The client of a replay. */
export interface ReplayPeer {
  readonly messages$: Observable<ReplayMessage>;
  /** Whether the client has left. */
  readonly left: boolean;
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** From now on the connection is half-open. */
  stall(): void;
}

/** The server waits this many ms, before it ends, for operations that the recorded client had sent and this client has not. */
const patience = 250;

/** Plays an attempt to a client, in the selected protocol and with its ids, during the subscription. */
export function play(
  scene: Scene,
  peer: ReplayPeer,
  { subprotocol, speed }: { readonly subprotocol: string; readonly speed: number },
): Observable<unknown> {
  return defer(() => {
    const from = wireNames(scene.dialect);
    let to = subprotocol === scene.subprotocol ? from : wireNames(subprotocol);
    const untaken = [...scene.operations];
    const playing$ = new BehaviorSubject(0);
    const stopped$ = new Subject<string>();
    let greeted = false;
    let silent = false;

    const idle$ = playing$.pipe(filter((count) => count === 0));
    const played$ = merge(
      idle$.pipe(filter(() => untaken.length === 0)),
      timer(patience).pipe(switchMap(() => idle$)),
    ).pipe(take(1));
    const say = (frame: ServerFrame, id: string | undefined) => {
      // the current protocol has no such message
      if (from !== to && frame.message.type === 'connection_error') peer.close(4403, 'Forbidden');
      else peer.send(translate(frame, from, to, id));
    };
    const act = (cue: Cue, id: string | undefined) => {
      if ('frame' in cue) say(cue.frame, id);
      else if (cue.end.kind === 'closed') peer.close(cue.end.code, cue.end.reason);
      else {
        silent = true;
        peer.stall();
      }
    };
    const perform = (cues: readonly Cue[], id?: string) =>
      onSchedule(cues, speed).pipe(
        // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value -- it depends on the client, not on the cue
        takeWhile(() => !peer.left),
        concatMap((cue) => ('end' in cue ? played$.pipe(map(() => cue)) : of(cue))),
        tap((cue) => act(cue, id)),
      );
    const answer = (id: string, request: unknown) => {
      const operation = takeOperation(untaken, request);
      if (!operation) {
        const { length } = scene.operations;
        const count = length === 1 ? '1 operation' : `${length} operations`;
        const message = `the recording has ${count} on this connection, and this is one more`;
        const payload = to.ping === undefined ? { message } : [{ message }];
        peer.send(JSON.stringify({ type: 'error', id, payload }));
        return EMPTY;
      }
      playing$.next(playing$.value + 1);
      return perform(operation.cues, id).pipe(
        finalize(() => playing$.next(playing$.value - 1)),
        takeUntil(stopped$.pipe(filter((other) => other === id))),
      );
    };
    const react = ({ type, id, payload }: ReplayMessage) => {
      // without a negotiated protocol, the first request shows the protocol of the client
      if (subprotocol === '' && type === 'subscribe') to = wireNames('graphql-transport-ws');
      if (subprotocol === '' && type === 'start') to = wireNames('graphql-ws');
      if (type === 'connection_init' && !greeted) {
        greeted = true;
        return perform(scene.greeting);
      }
      if (type === to.subscribe || type === to.stop) stopped$.next(String(id));
      if (type === to.subscribe) return answer(String(id), payload);
      if (type === 'ping' && to.ping !== undefined)
        peer.send(JSON.stringify({ type: 'pong', payload }));
      return EMPTY;
    };
    const messages$ = peer.messages$.pipe(filter(() => !silent));
    return merge(perform(scene.opening), messages$.pipe(mergeMap(react)));
  });
}

/** Takes the operation with the same request; else the first one with the same document; else the first one left. */
function takeOperation(untaken: SceneOperation[], given: unknown): SceneOperation | undefined {
  // the recording has no credentials either
  const { request } = parseSent(redactMessage(JSON.stringify({ request: given })));
  const places = [
    untaken.findIndex((operation) => isEqual(operation.request, request)),
    untaken.findIndex((operation) => queryOf(operation.request) === queryOf(request)),
    0,
  ];
  return untaken.splice(places.find((place) => place >= 0) as number, 1)[0];
}

function queryOf(request: unknown): unknown {
  const { query, data } = Object(request) as { query?: unknown; data?: unknown };
  // AppSync's request is a text of JSON
  return query ?? (isText(data) ? parseSent(data).query : undefined);
}
