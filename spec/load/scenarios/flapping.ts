import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import type { Figure, Scenario } from '../figure.js';
import { flappingServer } from '../flapping-server.js';

const codes = [1000, 1012];
const query = 'subscription { price }';

/** A server that acknowledges and then closes, for ever: how often it is dialled. */
export const flapping: Scenario = async ({ short }) => {
  const seconds = short ? 4 : 20;
  const ours = codes.map(async (code): Promise<Figure> => {
    const dials = await count(code, seconds, (url) => {
      const socket = graphqlSocket({ url, retry: { delay: 0 } });
      const stream = socket.subscribe$(query).subscribe();
      return () => {
        stream.unsubscribe();
        socket.close();
      };
    });
    const what = `acknowledged, then closed with ${code}: dials in ${seconds} s, \`delay: 0\``;
    return { what, value: dials, unit: '', limit: 3 + seconds };
  });
  const figures = await Promise.all(ours);
  for (const code of short ? [] : codes) {
    const dials = await count(code, seconds / 4, flapGraphqlWs);
    const what = `${code}: dials a second of graphql-ws, by default`;
    figures.push({ what, value: dials / (seconds / 4), unit: 'a second' });
  }
  return figures;
};

async function count(
  code: number,
  seconds: number,
  start: (url: string) => () => void,
): Promise<number> {
  const server = await flappingServer(code);
  const stop = start(server.url);
  await delay(seconds * 1_000);
  const { dials } = server;
  stop();
  await server.stop();
  return dials;
}

function flapGraphqlWs(url: string): () => void {
  const client = createClient({ url, webSocketImpl: WebSocket });
  const sink = { next: () => undefined, error: () => undefined, complete: () => undefined };
  const stop = client.subscribe({ query }, sink);
  return () => {
    stop();
    // it rejects when a dial that is under way fails
    Promise.resolve(client.dispose()).catch(() => undefined);
  };
}
