import { recover } from 'rx-graphql-ws/recovery';
import { connectBy } from './rx-graphql-ws.js';

export const connectMarked = connectBy((socket, request) => recover(socket, request));

export const connectKeyed = connectBy((socket, request) => {
  let rows = 0;
  // the numbers in the results begin again, and a key must not
  return recover(socket, request, { key: () => (rows += 1) });
});
