import type { Connect } from './bench-client.js';

/** A process loads the one that it measures, and no other. */
export const clients = {
  'rx-graphql-ws': async (): Promise<Connect> => (await import('./rx-graphql-ws.js')).connectOurs,
  'graphql-ws': async (): Promise<Connect> => (await import('./graphql-ws.js')).connectGraphqlWs,
  'bare ws': async (): Promise<Connect> => (await import('./bare-ws.js')).connectBare,
  'subscriptions-transport-ws': async (): Promise<Connect> =>
    (await import('./subscriptions-transport-ws.js')).connectSubscriptionsTransportWs,
  'webSocket().multiplex()': async (): Promise<Connect> =>
    (await import('./multiplex.js')).connectMultiplex,
  'recover()': async (): Promise<Connect> => (await import('./recovered.js')).connectMarked,
  'recover() with a key': async (): Promise<Connect> =>
    (await import('./recovered.js')).connectKeyed,
} as const;

export type ClientName = keyof typeof clients;
