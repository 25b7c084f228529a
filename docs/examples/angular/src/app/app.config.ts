import { type ApplicationConfig, inject, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { provideGraphQLSocket } from 'rx-graphql-ws/angular';
import { routes } from './app.routes';
import { Session } from './session';
import { TRADES_URL } from './urls';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes),
    provideClientHydration(),
    provideGraphQLSocket(() => {
      const session = inject(Session);
      return {
        url: TRADES_URL,
        // asked before each dial; `error` is the error that ended the attempt before, such as a token that has expired
        connectionParams: async ({ error }) => ({
          token: await (error ? session.freshToken() : session.token()),
        }),
        // the feed pings each second
        keepAliveTimeout: 3_000,
      };
    }),
  ],
};
