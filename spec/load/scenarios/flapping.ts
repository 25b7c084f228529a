import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import { upgradeServer } from '../../helpers/net/upgrade-server.js';
import { figure, type Scenario } from '../figure.js';

const codes = [1000, 1012];
const query = 'subscription { price }';

/** A server that acknowledges and then closes, for ever: how often it is dialled. */
export const flapping: Scenario = async ({ short }) => {
  const seconds = short ? 4 : 20;
  const ours = codes.map(async (code) => {
    const dials = await count(code, seconds, (url) => {
      const socket = graphqlSocket({ url, retry: { delay: 0 } });
      const stream = socket.subscribe$(query).subscribe();
      return () => {
        stream.unsubscribe();
        socket.close();
      };
    });
    const what = `acknowledged, then closed with ${code}: dials in ${seconds} s, \`delay: 0\``;
    return figure(what, dials, '', 3 + seconds);
  });
  const figures = await Promise.all(ours);
  for (const code of short ? [] : codes) {
    const dials = await count(code, seconds / 4, flapGraphqlWs);
    const what = `${code}: dials a second of graphql-ws, by default`;
    figures.push(figure(what, dials / (seconds / 4), 'a second'));
  }
  return figures;
};

/** The worst that some servers do while they restart: they acknowledge, and close at once. */
async function count(
  code: number,
  seconds: number,
  start: (url: string) => () => void,
): Promise<number> {
  let dials = 0;
  const server = await upgradeServer((socket) => {
    dials += 1;
    socket.once('message', () => {
      socket.send('{"type":"connection_ack"}');
      socket.close(code);
    });
  });
  const stop = start(server.url);
  await delay(seconds * 1_000);
  const counted = dials;
  stop();
  await server.stop();
  return counted;
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
