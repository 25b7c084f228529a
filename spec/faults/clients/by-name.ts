import type { CreateClient } from './client.js';

const load = {
  'rx-graphql-ws': async () => (await import('./rx-graphql-ws.js')).rxGraphqlWs,
  'graphql-ws': async () => (await import('./graphql-ws.js')).graphqlWs,
  'graphql-ws (tuned)': async () => (await import('./graphql-ws.js')).tunedGraphqlWs,
  'subscriptions-transport-ws': async () =>
    (await import('./subscriptions-transport-ws.js')).subscriptionsTransportWs,
} satisfies Record<string, () => Promise<CreateClient>>;

export type ClientName = keyof typeof load;

/** The clients compared, ours first. */
export const clientNames = Object.keys(load) as readonly ClientName[];

/** The factory of a client, `broken: …` too. */
export async function clientByName(name: string): Promise<CreateClient> {
  if (name in load) return load[name as ClientName]();
  const { broken } = await import('./broken.js');
  const create = (broken as Record<string, CreateClient>)[name.replace('broken: ', '')];
  if (!create) throw new Error(`there is no client ${name}`);
  return create;
}
