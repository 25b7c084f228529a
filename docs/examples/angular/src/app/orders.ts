import { Component, inject } from '@angular/core';
import { injectSubscription } from 'rx-graphql-ws/angular';
import { Session } from './session';

interface OrderData {
  readonly order: { readonly number: number; readonly user: string };
}

@Component({
  selector: 'app-orders',
  template: `
    @if (orders.error()) {
      <p>The orders cannot be shown. <button (click)="orders.reload()">Again</button></p>
    }
    @if (orders.value(); as data) {
      <p class="order" [class.stale]="orders.stale()">
        The last order of {{ data.order.user }} has the number {{ data.order.number }}.
      </p>
    }
  `,
})
export class Orders {
  readonly #user = inject(Session).user;
  // nothing is subscribed for nobody, and nothing of the last user is shown
  readonly orders = injectSubscription<OrderData>(
    () =>
      this.#user() === undefined ? undefined : 'subscription Orders { order { number user } }',
    { staleAfter: 5_000 },
  );
}
