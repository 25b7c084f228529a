import type { Observable } from 'rxjs';
import { asyncScheduler, defer, finalize, ignoreElements, Subscription, tap } from 'rxjs';
import { answerPing } from '../../protocol/codec.js';
import type { LiveConnection } from '../connection.js';

/** A flood of pings must not cause a flood of pongs. */
const maxPongsPerSecond = 100;
const second = 1_000;

/** Answers the server's pings at once, echoing the payload. Above the maximum only the newest is answered, when the second is over. */
export function answerPings(connection: Pick<LiveConnection, 'ping$' | 'send'>): Observable<never> {
  return defer(() => {
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
    return connection.ping$.pipe(
      tap((ping) => {
        if (answered < maxPongsPerSecond) answer(ping);
        else waiting = ping;
      }),
      ignoreElements(),
      finalize(() => {
        window.unsubscribe();
      }),
    );
  });
}
