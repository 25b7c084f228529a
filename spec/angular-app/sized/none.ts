import { Component, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';

@Component({ selector: 'app-root', template: '{{ price()?.price }}' })
class App {
  readonly price = signal<{ readonly price: number } | undefined>(undefined);
}

void bootstrapApplication(App, { providers: [provideRouter([])] });
