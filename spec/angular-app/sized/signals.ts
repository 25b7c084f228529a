import { Component } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { injectSubscription, provideGraphQLSocket } from 'rx-graphql-ws/angular';

@Component({ selector: 'app-root', template: '{{ price.value()?.price }}' })
class App {
  readonly price = injectSubscription<{ price: number }>(() => 'subscription Price { price }');
}

void bootstrapApplication(App, {
  providers: [provideRouter([]), provideGraphQLSocket({ url: 'wss://example.org/graphql' })],
});
