import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { firstValueFrom, map, Subject, Subscription, switchMap } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';

export interface Price {
  readonly price: number;
}

export const prices = 'subscription Prices($symbol: String!) { price(symbol: $symbol) }';
export const limitDocument = parse('query Limit { limit }') as TypedDocumentNode<{ limit: number }>;

/** The unit under test: a subscription for a changing symbol, a query, and a mutation. */
export class PriceService {
  readonly seen: number[] = [];
  failure: unknown;
  stale = false;
  readonly #socket: GraphQLSocket;
  readonly #symbol$ = new Subject<string>();
  readonly #subscriptions = new Subscription();

  constructor(socket: GraphQLSocket) {
    this.#socket = socket;
  }

  readonly price$ = this.#symbol$.pipe(
    switchMap((symbol) => this.#socket.subscribe$<Price>({ query: prices, variables: { symbol } })),
    map(({ price }) => price),
  );

  start(symbol: string): void {
    this.#subscriptions.add(
      this.price$.subscribe({
        next: (price) => this.seen.push(price),
        error: (error: unknown) => {
          this.failure = error;
        },
      }),
    );
    this.#subscriptions.add(
      this.#socket.status$.subscribe(({ state }) => {
        this.stale = state === 'waiting';
      }),
    );
    this.show(symbol);
  }

  show(symbol: string): void {
    this.#symbol$.next(symbol);
  }

  limit(): Promise<{ limit: number }> {
    return firstValueFrom(this.#socket.query$(limitDocument));
  }

  order(amount: number): Promise<unknown> {
    const query = 'mutation Order($amount: Int!) { order(amount: $amount) { id } }';
    return firstValueFrom(this.#socket.mutate$({ query, variables: { amount } }));
  }

  destroy(): void {
    this.#subscriptions.unsubscribe();
  }
}
