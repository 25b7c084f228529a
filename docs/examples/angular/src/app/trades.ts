import { Injectable } from '@angular/core';
import { injectGraphQLSocket } from 'rx-graphql-ws/angular';
import { recover } from 'rx-graphql-ws/recovery';

export interface Trade {
  readonly number: number;
  readonly price: number;
}

@Injectable({ providedIn: 'root' })
export class Trades {
  readonly #socket = injectGraphQLSocket();

  /** What has been traded today. The latest value is all that counts. */
  volume$() {
    return this.#socket.subscribe$<{ volume: number }>('subscription Volume { volume }');
  }

  /** The trades, with a `Gap` where some may be missing. The option `backfill` would fetch them. */
  trades$() {
    return recover<{ trade: Trade }, object, Trade>(
      this.#socket,
      'subscription Trades { trade { number price } }',
      { rows: ({ trade }) => [trade] },
    );
  }
}
