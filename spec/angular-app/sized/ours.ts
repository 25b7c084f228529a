import { Component } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { injectGraphQLSocket, provideGraphQLSocket } from 'rx-graphql-ws/angular';

@Component({ selector: 'app-root', template: '{{ price()?.price }}' })
class App {
  readonly price = toSignal(
    injectGraphQLSocket().subscribe$<{ price: number }>('subscription Price { price }'),
  );
}

void bootstrapApplication(App, {
  providers: [provideRouter([]), provideGraphQLSocket({ url: 'wss://example.org/graphql' })],
});
