import { DatePipe } from '@angular/common';
import { Component, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { outsideZone } from 'rx-graphql-ws/angular';
import { type Gap, isGap } from 'rx-graphql-ws/recovery';
import { scan } from 'rxjs';
import { Orders } from './orders';
import { type Trade, Trades } from './trades';

@Component({
  imports: [DatePipe, Orders],
  template: `
    <h1>Trades</h1>
    <p>The volume is {{ volume()?.volume ?? 'not known yet' }}.</p>
    <app-orders />
    <ul>
      @for (row of rows(); track row) {
        @if (isGap(row)) {
          <li class="gap">Trades are missing since {{ row.since | date: 'HH:mm:ss' }}.</li>
        } @else {
          <li>{{ row.number }}: {{ row.price }}</li>
        }
      }
    </ul>
  `,
})
export class TradesPage {
  readonly #trades = inject(Trades);
  readonly isGap = isGap;
  readonly volume = toSignal(this.#trades.volume$());
  readonly rows = toSignal(
    this.#trades.trades$().pipe(
      scan((rows: (Trade | Gap)[], row) => [row, ...rows].slice(0, 10), []),
      // last, because `recover` has timers; it matters with zone.js alone
      outsideZone(),
    ),
    { initialValue: [] },
  );
}
