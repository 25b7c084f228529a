import {
  BehaviorSubject,
  concatMap,
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
import { parseSent, wireNames, type WireNames } from '../wire.js';
import { onSchedule } from './on-schedule.js';
import { redactMessage } from './redact.js';
import type { Cue, Scene, SceneOperation } from './scene.js';
import { errorsFor, translate } from './translate.js';

export type ReplayMessage = Readonly<Partial<Record<'type' | 'id' | 'payload', unknown>>>;

interface ReplayPeer {
  readonly messages$: Observable<ReplayMessage>;
  hasLeft(): boolean;
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** From now on the connection is half-open. */
  stall(): void;
}

/** The server waits this many ms, before it ends, for operations that the recorded client had sent and this client has not. */
const patience = 250;

export function play(...args: ConstructorParameters<typeof Player>): Observable<unknown> {
  return new Player(...args).play();
}

class Player {
  readonly #scene: Scene;
  readonly #peer: ReplayPeer;
  readonly #subprotocol: string;
  readonly #speed: number;
  readonly #from: WireNames;
  #to: WireNames;
  readonly #greeting: Cue[];
  readonly #untaken: SceneOperation[];
  readonly #playing$ = new BehaviorSubject(0);
  readonly #stopped$ = new Subject<string>();
  #silent = false;

  /** @param subprotocol - the selected one, an empty string for none */
  constructor(scene: Scene, peer: ReplayPeer, subprotocol: string, speed = 1) {
    this.#scene = scene;
    this.#peer = peer;
    this.#subprotocol = subprotocol;
    this.#speed = speed;
    this.#from = wireNames(scene.dialect);
    this.#to = subprotocol === scene.subprotocol ? this.#from : wireNames(subprotocol);
    this.#greeting = [...scene.greeting];
    this.#untaken = [...scene.operations];
  }

  play(): Observable<unknown> {
    const messages$ = this.#peer.messages$.pipe(filter(() => !this.#silent));
    const reactions$ = messages$.pipe(mergeMap((message) => this.#react(message)));
    return merge(this.#perform(this.#scene.opening), reactions$);
  }

  #react({ type, id, payload }: ReplayMessage): Observable<unknown> {
    const to = (this.#to = this.#protocolFor(type));
    if (type === 'connection_init') return this.#perform(this.#greeting.splice(0));
    if (type === to.subscribe || type === to.stop) this.#stopped$.next(String(id));
    if (type === to.subscribe) return this.#answer(String(id), payload);
    if (type === 'ping' && to.ping !== undefined) this.#send({ type: 'pong', payload });
    return EMPTY;
  }

  /** Without a negotiated protocol, a request shows the protocol of the client. */
  #protocolFor(type: unknown): WireNames {
    if (this.#subprotocol !== '') return this.#to;
    if (type === 'start') return wireNames('graphql-ws');
    return type === 'subscribe' ? wireNames('graphql-transport-ws') : this.#to;
  }

  #answer(id: string, request: unknown): Observable<unknown> {
    const operation = takeOperation(this.#untaken, request);
    if (!operation) {
      const { length } = this.#scene.operations;
      const count = length === 1 ? '1 operation' : `${length} operations`;
      const message = `the recording has ${count} on this connection, and this is one more`;
      this.#send({ type: 'error', id, payload: errorsFor({ message }, this.#to) });
      return EMPTY;
    }
    const playing$ = this.#playing$;
    playing$.next(playing$.value + 1);
    return this.#perform(operation.cues, id).pipe(
      finalize(() => playing$.next(playing$.value - 1)),
      takeUntil(this.#stopped$.pipe(filter((other) => other === id))),
    );
  }

  #perform(cues: readonly Cue[], id?: string): Observable<unknown> {
    return onSchedule(cues, this.#speed).pipe(
      concatMap((cue) => ('end' in cue ? this.#whenPlayed().pipe(map(() => cue)) : of(cue))),
      // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value -- it depends on the client, not on the cue
      takeWhile(() => !this.#peer.hasLeft()),
      tap((cue) => this.#act(cue, id)),
    );
  }

  /** Waits for the answers to end, and a while for operations that the client has not sent yet. */
  #whenPlayed(): Observable<unknown> {
    const idle$ = this.#playing$.pipe(filter((count) => count === 0));
    return merge(
      idle$.pipe(filter(() => this.#untaken.length === 0)),
      timer(patience).pipe(switchMap(() => idle$)),
    ).pipe(take(1));
  }

  #act(cue: Cue, id: string | undefined): void {
    const [from, to] = [this.#from, this.#to];
    if ('end' in cue) this.#end(cue.end);
    // the current protocol has no such message
    else if (from !== to && parseSent(cue.frame).type === 'connection_error')
      this.#peer.close(4403, 'Forbidden');
    else this.#peer.send(translate(cue.frame, from, to, id));
  }

  #end(end: Extract<Cue, { readonly end: unknown }>['end']): void {
    if (end !== 'silent') this.#peer.close(end.closed, end.reason);
    else {
      this.#silent = true;
      this.#peer.stall();
    }
  }

  #send(message: object): void {
    this.#peer.send(JSON.stringify(message));
  }
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
