import { Observable } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';

/** The same connection, and how many listen to its messages: each of them costs something per message. */
export function countListeners(connection: Connection) {
  let count = 0;
  const messages$ = new Observable<ServerMessage>((subscriber) => {
    count += 1;
    const listening = connection.messages$.subscribe(subscriber);
    return () => {
      count -= 1;
      listening.unsubscribe();
    };
  });
  return {
    // not a copy, because a copy of a connection of ours would not know that it is lost
    connection: Object.create(connection, { messages$: { value: messages$ } }) as Connection,
    listeners: () => count,
  };
}
