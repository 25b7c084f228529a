import type { GraphQLSocket } from 'rx-graphql-ws';
import { Subject, Subscription, switchMap } from 'rxjs';

const PRICE = 'subscription Price($symbol: String!) { price(symbol: $symbol) { value } }';

interface PriceData {
  readonly price: { readonly value: number };
}

/** A component: shows the price of one symbol, and whether it may be old. */
export class Ticker {
  value: number | undefined;
  stale = false;
  readonly #symbol$ = new Subject<string>();
  readonly #subscriptions = new Subscription();

  constructor(socket: GraphQLSocket) {
    const data$ = this.#symbol$.pipe(
      switchMap((symbol) => socket.subscribe$<PriceData>({ query: PRICE, variables: { symbol } })),
    );
    this.#subscriptions.add(
      data$.subscribe(({ price }) => {
        this.value = price.value;
      }),
    );
    this.#subscriptions.add(
      socket.status$.subscribe(({ state }) => {
        this.stale = state === 'waiting';
      }),
    );
  }

  show(symbol: string): void {
    this.value = undefined;
    this.#symbol$.next(symbol);
  }

  destroy(): void {
    this.#subscriptions.unsubscribe();
  }
}
