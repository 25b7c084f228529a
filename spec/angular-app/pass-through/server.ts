import { graphqlSocket } from 'rx-graphql-ws';
import { identity } from 'rxjs';

/** In the place of lib/angular/server.ts: the server dials as browsers do. */
export const isOnServer = () => false;
export const createServerSocket = () => graphqlSocket({ url: 'ws://localhost' });
export const inBrowser = identity;
