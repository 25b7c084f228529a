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
import { parseSent, wireNames, type WireNames } from '../wire.js';
import { onSchedule } from './on-schedule.js';
import { type Cue, type Scene, type SceneOperation, takeOperation } from './scene.js';
import { errorsFor, translate } from './translate.js';

export interface ReplayMessage {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

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

interface PlayOptions {
  /** The selected one, an empty string for none. */
  readonly subprotocol: string;
  readonly speed: number;
}

export function play(scene: Scene, peer: ReplayPeer, options: PlayOptions): Observable<unknown> {
  return defer(() => new Player(scene, peer, options).play());
}

class Player {
  readonly #scene: Scene;
  readonly #peer: ReplayPeer;
  readonly #options: PlayOptions;
  readonly #from: WireNames;
  #to: WireNames;
  readonly #untaken: SceneOperation[];
  readonly #playing$ = new BehaviorSubject(0);
  readonly #stopped$ = new Subject<string>();
  #greeted = false;
  #silent = false;

  constructor(scene: Scene, peer: ReplayPeer, options: PlayOptions) {
    this.#scene = scene;
    this.#peer = peer;
    this.#options = options;
    this.#from = wireNames(scene.dialect);
    const { subprotocol } = options;
    this.#to = subprotocol === scene.subprotocol ? this.#from : wireNames(subprotocol);
    this.#untaken = [...scene.operations];
  }

  play(): Observable<unknown> {
    const messages$ = this.#peer.messages$.pipe(filter(() => !this.#silent));
    const reactions$ = messages$.pipe(mergeMap((message) => this.#react(message)));
    return merge(this.#perform(this.#scene.opening), reactions$);
  }

  #react({ type, id, payload }: ReplayMessage): Observable<unknown> {
    const to = (this.#to = this.#protocolFor(type));
    if (type === 'connection_init') return this.#greet();
    if (type === to.subscribe || type === to.stop) this.#stopped$.next(String(id));
    if (type === to.subscribe) return this.#answer(String(id), payload);
    if (type === 'ping' && to.ping !== undefined) this.#send({ type: 'pong', payload });
    return EMPTY;
  }

  /** Without a negotiated protocol, a request shows the protocol of the client. */
  #protocolFor(type: unknown): WireNames {
    const shown = this.#options.subprotocol === '' ? protocolOf.get(type) : undefined;
    return shown ? wireNames(shown) : this.#to;
  }

  #greet(): Observable<unknown> {
    if (this.#greeted) return EMPTY;
    this.#greeted = true;
    return this.#perform(this.#scene.greeting);
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
    return onSchedule(cues, this.#options.speed).pipe(
      // eslint-disable-next-line rxjs-x/no-ignored-takewhile-value -- it depends on the client, not on the cue
      takeWhile(() => !this.#peer.left),
      concatMap((cue) => ('end' in cue ? this.#whenPlayed().pipe(map(() => cue)) : of(cue))),
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
    if ('frame' in cue) this.#say(cue.frame, id);
    else if (cue.end.kind === 'closed') this.#peer.close(cue.end.code, cue.end.reason);
    else {
      this.#silent = true;
      this.#peer.stall();
    }
  }

  #say(frame: string, id: string | undefined): void {
    const [from, to] = [this.#from, this.#to];
    // the current protocol has no such message
    const isForeign = from !== to && parseSent(frame).type === 'connection_error';
    if (isForeign) this.#peer.close(4403, 'Forbidden');
    else this.#peer.send(translate(frame, from, to, id));
  }

  #send(message: object): void {
    this.#peer.send(JSON.stringify(message));
  }
}

const protocolOf: ReadonlyMap<unknown, string> = new Map([
  ['subscribe', 'graphql-transport-ws'],
  ['start', 'graphql-ws'],
]);
