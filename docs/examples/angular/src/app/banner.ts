import { DecimalPipe } from '@angular/common';
import { Component } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { injectGraphQLSocket } from 'rx-graphql-ws/angular';

@Component({
  selector: 'app-banner',
  imports: [DecimalPipe],
  template: `
    @let now = status();
    @if (now.state === 'waiting') {
      <p class="banner" role="status">
        The connection is lost. The next attempt is in
        {{ (now.delay ?? 0) / 1000 | number: '1.0-0' }} s.
        <button (click)="socket.reconnect()">Retry now</button>
      </p>
    }
  `,
})
export class Banner {
  readonly socket = injectGraphQLSocket();
  readonly status = toSignal(this.socket.status$, { requireSync: true });
}
