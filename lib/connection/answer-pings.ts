import { asyncScheduler, Observable, Subscription } from 'rxjs';
import { answerPing } from '../protocol/codec.js';
import type { Connection, LiveConnection } from './connection.js';

/** Pongs a second: a flood of pings must not make one of pongs. */
const most = 100;
const second = 1_000;

/** Answers the server's pings at once, echoing the payload; of those above a hundred a second only the newest, when the second is over. */
export function answerPings(
  connection: Pick<Connection, 'messages$' | 'send'> & Partial<LiveConnection>,
): Observable<never> {
  const { messages$, ping$ = messages$ } = connection;
  return new Observable((subscriber) => {
    let answered = 0;
    let waiting: object | undefined;
    let window = Subscription.EMPTY;

    const answer = (ping: object) => {
      if (answered === 0) window = asyncScheduler.schedule(nextSecond, second);
      answered += 1;
      answerPing(connection, ping);
    };
    const nextSecond = () => {
      answered = 0;
      if (waiting) answer(waiting);
      waiting = undefined;
    };
    const answering = ping$.subscribe({
      next(message) {
        if (message.type !== 'ping') return;
        if (answered < most) answer(message);
        else waiting = message;
      },
      error(error: unknown) {
        subscriber.error(error);
      },
      complete() {
        subscriber.complete();
      },
    });
    return () => {
      answering.unsubscribe();
      window.unsubscribe();
    };
  });
}
