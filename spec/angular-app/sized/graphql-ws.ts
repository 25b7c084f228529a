import { Component } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { createClient } from 'graphql-ws';
import { Observable } from 'rxjs';

const client = createClient({ url: 'wss://example.org/graphql' });
const query = 'subscription Price { price }';

@Component({ selector: 'app-root', template: '{{ price()?.price }}' })
class App {
  readonly price = toSignal(
    new Observable<{ price: number } | null | undefined>((subscriber) =>
      client.subscribe<{ price: number }>(
        { query },
        {
          next: ({ data }) => subscriber.next(data),
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        },
      ),
    ),
  );
}

void bootstrapApplication(App, { providers: [provideRouter([])] });
