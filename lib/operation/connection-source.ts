import type { Observable } from 'rxjs';
import { asyncScheduler, defer, EMPTY, merge, Subscription } from 'rxjs';
import type { Connection, LiveConnection } from '../connection/connection.js';
import { adaptConnection } from '../connection/connection.js';
import { Emitter } from '../rx/emitter.js';

/** Is told of connections, one after the other. */
export interface ConnectionListener {
  /** A connection on which operations can be sent. */
  connected(connection: LiveConnection): void;
  /** There will be none any more. */
  failed(error: unknown): void;
  finished(): void;
}

/** Listeners that are told of a connection in one turn of the event loop: thousands that send at once must not hold up what arrives. */
const batch = 1_000;

/**
 * One subscription to the connections for thousands of listeners, told in the order in which they came. A Subject would hold a subscriber
 * for each, and search all of them for each that leaves.
 */
export class ConnectionSource {
  readonly #connection$: Observable<Connection>;
  readonly #keep: boolean;
  readonly #listeners = new Set<ConnectionListener>();
  /** The listeners that were not told of the current connection yet. */
  readonly #waiting = new Set<ConnectionListener>();
  readonly #changes = new Emitter<undefined>();
  #nextTurn: Subscription | undefined;
  #upstream: Subscription | undefined;
  #current: LiveConnection | undefined;
  #isReleasing = false;

  /** Operations on these connections that are shared, by their key. */
  readonly shared = new Map<string, Observable<unknown>>();
  /** Emits when the connection that there is at subscription is lost, and when another comes, before the listeners are told. */
  readonly change$ = defer(() => merge(this.#changes.stream$, this.connection?.lost$ ?? EMPTY));

  /**
   * @param keep - whether the subscription is kept for a turn of the event loop after the last listener has left a live connection, because
   * one operation often follows another. A connection that is lost meanwhile is not replaced
   */
  constructor(connection$: Observable<Connection>, keep = false) {
    this.#connection$ = connection$;
    this.#keep = keep;
  }

  add(listener: ConnectionListener): void {
    this.#listeners.add(listener);
    if (!this.#upstream) {
      this.#upstream = new Subscription();
      this.#upstream.add(this.#connection$.subscribe(this));
    } else if (this.#waiting.size > 0) this.#waiting.add(listener);
    else if (this.connection) listener.connected(this.connection);
  }

  remove(listener: ConnectionListener): void {
    this.#waiting.delete(listener);
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    if (this.#keep && this.connection) this.#releaseLater();
    else this.#release();
  }

  /** The connection that there is, if it is alive. */
  get connection(): LiveConnection | undefined {
    return this.#current?.lost ? undefined : this.#current;
  }

  next(given: Connection): void {
    const connection = adaptConnection(given);
    this.#nextTurn?.unsubscribe();
    this.#waiting.clear();
    this.#changes.next(undefined);
    this.#current = connection;
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
    if (this.#keep) this.#upstream?.add(connection.lost$.subscribe(() => this.#releaseUnused()));
    for (const listener of this.#listeners) this.#waiting.add(listener);
    this.#tellBatch(connection);
  }

  error(error: unknown): void {
    this.#end((listener) => {
      listener.failed(error);
    });
  }

  complete(): void {
    this.#end((listener) => {
      listener.finished();
    });
  }

  #tellBatch(connection: LiveConnection): void {
    let told = 0;
    for (const listener of this.#waiting) {
      if (told === batch) {
        this.#nextTurn = asyncScheduler.schedule(() => {
          if (!connection.lost) this.#tellBatch(connection);
        });
        return;
      }
      told += 1;
      this.#waiting.delete(listener);
      listener.connected(connection);
    }
  }

  #end(tell: (listener: ConnectionListener) => void): void {
    const told = [...this.#listeners];
    this.#listeners.clear();
    this.#release();
    told.forEach(tell);
  }

  #releaseLater(): void {
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    asyncScheduler.schedule(() => {
      this.#isReleasing = false;
      this.#releaseUnused();
    });
  }

  /** Also when the connection is lost, because nobody wants another one. */
  #releaseUnused(): void {
    if (this.#listeners.size === 0) this.#release();
  }

  #release(): void {
    const left = this.#upstream;
    this.#nextTurn?.unsubscribe();
    this.#nextTurn = this.#upstream = this.#current = undefined;
    this.#waiting.clear();
    left?.unsubscribe();
  }
}
