import { firstValueFrom, skip, type Observable } from 'rxjs';
import type { Peer } from './peer.js';
import type { WireMessage } from './wire-message.js';

type NextMessage = () => Promise<WireMessage | undefined>;

/**
 * Reads the messages of one socket, each once.
 *
 * @param forgotten - tells how many past messages `received$` does not replay
 */
export function readMessages(
  received$: Observable<WireMessage>,
  forgotten: () => number,
): Pick<Peer, 'read' | typeof Symbol.asyncIterator> {
  let taken = 0;
  const next = () => {
    const gone = forgotten();
    const ahead = Math.max(taken - gone, 0);
    taken = gone + ahead + 1;
    return firstValueFrom(received$.pipe(skip(ahead)), { defaultValue: undefined });
  };
  return {
    read: (type) => {
      const message = expectMessage(next, type);
      // The rejection of a read that nobody awaits must not end the process.
      message.catch(() => undefined);
      return message;
    },
    [Symbol.asyncIterator]: () => iterate(next),
  };
}

async function expectMessage(next: NextMessage, type?: string): Promise<WireMessage> {
  const message = await next();
  if (message === undefined)
    throw new Error(`expected ${type ?? 'a message'}, but the socket closed`);
  if (type !== undefined && message.type !== type)
    throw new Error(`expected ${type}, received ${JSON.stringify(message)}`);
  return message;
}

async function* iterate(next: NextMessage): AsyncGenerator<WireMessage, undefined> {
  for (let message = await next(); message !== undefined; message = await next()) yield message;
}
