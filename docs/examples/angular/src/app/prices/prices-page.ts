import { Component, signal } from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { inBrowser, injectGraphQLSocket, outsideZone } from 'rx-graphql-ws/angular';
import { watch } from 'rx-graphql-ws/recovery';
import { PRICES } from './prices-token';

interface PriceData {
  readonly price: { readonly symbol: string; readonly value: number };
}

const query = 'subscription Price($symbol: String!) { price(symbol: $symbol) { symbol value } }';

@Component({
  template: `
    <h1>Prices</h1>
    @for (name of ['SOL', 'ETH']; track name) {
      <button (click)="symbol.set(name)">{{ name }}</button>
    }
    @if (price.hasValue()) {
      @let chosen = price.value().price;
      <p class="price">{{ chosen.symbol }}: {{ chosen.value }}</p>
    } @else {
      <p class="price">{{ symbol() }}: not known yet</p>
    }
    @if (bitcoin(); as seen) {
      <p class="bitcoin" [class.stale]="seen.state !== 'live'">
        BTC: {{ seen.value?.price?.value ?? 'not known yet' }}
      </p>
    }
  `,
})
export class PricesPage {
  readonly #socket = injectGraphQLSocket(PRICES);
  readonly symbol = signal('SOL');

  /** A resource needs `inBrowser`, because its stream has no value on the server. */
  readonly price = rxResource({
    params: inBrowser(() => ({ symbol: this.symbol() })),
    stream: ({ params }) => this.#price$(params.symbol),
  });

  /** A signal does not. */
  readonly bitcoin = toSignal(
    this.#price$('BTC').pipe(
      watch({ staleAfter: 5_000, status$: this.#socket.status$ }),
      outsideZone(),
    ),
  );

  #price$(symbol: string) {
    return this.#socket.subscribe$<PriceData>({ query, variables: { symbol } });
  }
}
