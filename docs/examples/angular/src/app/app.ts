import { Component, effect, inject, untracked } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { injectGraphQLSocket } from 'rx-graphql-ws/angular';
import { Banner } from './banner';
import { Session } from './session';

@Component({
  selector: 'app-root',
  imports: [Banner, RouterLink, RouterOutlet],
  template: `
    <nav>
      <a routerLink="/">Trades</a>
      <a routerLink="/prices">Prices</a>
      @if (session.user(); as user) {
        <button (click)="session.logout()">Log out {{ user }}</button>
      } @else {
        <button (click)="session.login('Ada')">Log in</button>
      }
    </nav>
    <app-banner />
    <router-outlet />
  `,
})
export class App {
  readonly session = inject(Session);

  constructor() {
    const socket = injectGraphQLSocket();
    // another user means another connection
    effect(() => {
      this.session.user();
      untracked(() => socket.reconnect());
    });
  }
}
