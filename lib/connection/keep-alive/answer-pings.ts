import { asyncScheduler, Observable, Subscription } from 'rxjs';
import { answerPing } from '../../protocol/codec.js';
import type { LiveConnection } from '../connection.js';

/** A flood of pings must not cause a flood of pongs. */
const maxPongsPerSecond = 100;
const second = 1_000;

/** Answers the server's pings at once, echoing the payload. Above the maximum only the newest is answered, when the second is over. */
export function answerPings(connection: Pick<LiveConnection, 'ping$' | 'send'>): Observable<never> {
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
    const answering = connection.ping$.subscribe({
      next(ping) {
        if (answered < maxPongsPerSecond) answer(ping);
        else waiting = ping;
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
