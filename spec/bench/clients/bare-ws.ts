import { type FeedVariables, mutation, subscription } from '../feed.js';
import { type Connect, fail, plainWebSocket, type Results, unsupported } from './bench-client.js';

interface Message {
  readonly type: string;
  readonly payload: { readonly data: unknown };
}

/** Characters of the longest message that is no result. */
const longestOther = 60;

/** The floor: the least that a program can do which knows that it has one operation. */
export const connectBare: Connect = ({ url, legacy }) => {
  const result = legacy ? 'data' : 'next';
  const socket = new plainWebSocket(url, legacy ? 'graphql-ws' : 'graphql-transport-ws');
  let results: Results | undefined;
  let id = 0;
  let skipped = false;
  let acknowledged = false;
  let waiting: string | undefined;
  socket.onopen = () => socket.send('{"type":"connection_init"}');
  socket.onmessage = ({ data }) => {
    if (skipped && (data as string).length > longestOther) return;
    const { type, payload } = JSON.parse(data as string) as Message;
    if (type === result) results?.next(payload.data);
    else if (type === 'complete') results?.complete();
    else if (type === 'connection_ack') {
      acknowledged = true;
      if (waiting !== undefined) socket.send(waiting);
    }
  };
  socket.onerror = fail;
  const run = (query: string, variables: FeedVariables, to: Results) => {
    results = to;
    id += 1;
    const type = legacy ? 'start' : 'subscribe';
    const text = JSON.stringify({ id: String(id), type, payload: { query, variables } });
    if (acknowledged) socket.send(text);
    else waiting = text;
  };
  return {
    subscribe(variables, mode, to) {
      if (mode === 'undecoded') skipped = true;
      else if (mode !== 'all') unsupported();
      run(subscription, variables, to);
      return unsupported;
    },
    mutate(variables, to) {
      run(mutation, variables, to);
    },
    close: () => socket.close(),
  };
};
