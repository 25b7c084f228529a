import { once } from 'node:events';
import { graphqlSocket, type WebSocketConstructor } from 'rx-graphql-ws';
import WebSocket from 'ws';

/** When each of many clients has dialled, in ms since the epoch. */
export type StormDials = readonly (readonly number[])[];

const [url = '', count = ''] = process.argv.slice(2);
const dials: number[][] = [];
let connected = 0;
for (let n = 0; n < Number(count); n += 1) {
  const own: number[] = [];
  dials.push(own);
  const webSocketImpl = function (...args: [string, string[], object]) {
    own.push(Date.now());
    return new WebSocket(...args);
  } as unknown as WebSocketConstructor;
  const socket = graphqlSocket({ url, webSocketImpl });
  socket.subscribe$('subscription { price }').subscribe();
  socket.status$.subscribe(({ state }) => {
    if (state !== 'connected') return;
    connected += 1;
    // once all are there, and once all are there again
    if (connected % Number(count) === 0) process.send?.({ connected });
  });
}
await once(process, 'message');
process.send?.(dials, () => process.exit());
