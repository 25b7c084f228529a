import type { GraphQLSocket, SubscribeOptions, Variables } from 'rx-graphql-ws';
import type { Subscriber } from 'rxjs';
import { asyncScheduler, Observable, Subscription } from 'rxjs';
import { failed, unexpected } from './check.js';
import type { Gap } from './gap.js';
import { createGap } from './gap.js';

/** A request whose `variables` may be replaced. */
export interface Resendable {
  readonly variables?: Variables | (() => Variables | undefined) | undefined;
}

/** A subscription of which the rows are wanted. */
export interface Feed<TRow> {
  readonly socket: Pick<GraphQLSocket, 'subscribe$'>;
  readonly request: Resendable;
  readonly options: SubscribeOptions;
  readonly rows: (data: never) => Iterable<TRow>;
  readonly resume: ((last: TRow) => object) | undefined;
  /** The row behind which the first send takes up. */
  readonly start: TRow | undefined;
}

/**
 * The rows of a subscription, and a gap for each send that does not take up behind the last row. The gap is emitted when the message has
 * been sent, or before the first row behind it. A query that is sent at the gap thus comes behind the subscription.
 */
export function markedRows<TRow>(feed: Feed<TRow>): Observable<TRow | Gap> {
  return new Observable((subscriber) => {
    const rows = new MarkedRows(feed, subscriber);
    rows.run();
    return () => {
      rows.leave();
    };
  });
}

/** One subscriber of the rows, over all the sends. */
class MarkedRows<TRow> {
  readonly #feed: Feed<TRow>;
  readonly #subscriber: Subscriber<TRow | Gap>;
  #last: TRow | undefined;
  #isAgain: boolean;
  #since: number | undefined;
  /** The gap that is due. */
  #gap: Gap | undefined;
  #marking = Subscription.EMPTY;
  /** The row at which the present send took up, until it is answered. */
  #resumed: TRow | undefined;
  #refused: TRow | undefined;
  /** The error of `resume`, which the core would tell as one of `variables`. */
  #failure: unknown;

  constructor(feed: Feed<TRow>, subscriber: Subscriber<TRow | Gap>) {
    this.#feed = feed;
    this.#subscriber = subscriber;
    this.#last = feed.start;
    this.#isAgain = feed.start !== undefined;
  }

  run(): void {
    const { socket, request, options } = this.#feed;
    const resendable = { ...request, variables: () => this.#variables() };
    this.#subscriber.add(socket.subscribe$(resendable as never, options).subscribe(this));
  }

  next(data: unknown): void {
    try {
      this.#deliver(data as never);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  error(error: unknown): void {
    if (this.#resumed !== undefined && (error as Error | undefined)?.name === 'OperationError') {
      this.#refused = this.#resumed;
      this.run();
      return;
    }
    this.#mark();
    this.#subscriber.error(this.#failure ?? error);
  }

  complete(): void {
    this.#mark();
    this.#subscriber.complete();
  }

  leave(): void {
    this.#marking.unsubscribe();
  }

  #deliver(data: never): void {
    const now = asyncScheduler.now();
    this.#resumed = this.#refused = undefined;
    this.#mark();
    const { rows } = this.#feed;
    for (const row of rows(data)) {
      if (this.#subscriber.closed) return;
      // before it is emitted, because a consumer may subscribe anew from within
      this.#last = row;
      this.#since = now;
      this.#subscriber.next(row);
    }
  }

  /** The variables of a send. */
  #variables(): Variables | undefined {
    const { variables } = this.#feed.request;
    const given = typeof variables === 'function' ? variables() : variables;
    const before = this.#since;
    if (this.#last === undefined) this.#since ??= asyncScheduler.now();
    this.#failure = this.#resumed = undefined;
    const cursor = this.#takeUp();
    if (cursor) return { ...given, ...cursor };
    if (this.#isAgain && !this.#gap) {
      this.#gap = createGap(before, asyncScheduler.now());
      this.#marking = asyncScheduler.schedule(() => this.#mark());
    }
    this.#isAgain = true;
    return given;
  }

  #takeUp(): object | undefined {
    const { resume } = this.#feed;
    const last = this.#last;
    if (!this.#isAgain || !resume || last === undefined || last === this.#refused) return undefined;
    this.#resumed = last;
    try {
      const cursor = resume(last) as object | undefined;
      // it would take up nowhere, and no gap would tell
      if (!cursor || 'then' in cursor)
        throw unexpected('resume', 'a function that returns an object', cursor);
      return cursor;
    } catch (error) {
      throw (this.#failure = failed('resume', error));
    }
  }

  #mark(): void {
    const due = this.#gap;
    this.#gap = undefined;
    if (due) this.#subscriber.next(due);
  }
}
