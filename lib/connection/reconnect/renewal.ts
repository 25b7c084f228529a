import type { BehaviorSubject } from 'rxjs';
import { filter, map, of, Subject, switchMap, throttleTime } from 'rxjs';
import type { ConnectionClosedError } from '../../errors.js';
import type { LiveConnection } from '../connection.js';
import type { DialLimit } from './dial-limit.js';

/** The replacement of connections, attempts and waits because the user asks for it. */
export function createRenewal(
  limit: DialLimit,
  current$: BehaviorSubject<LiveConnection | undefined>,
  isWanted: () => boolean,
) {
  const requests = new Subject<ConnectionClosedError>();
  let attempts = 0;
  let isAsking = false;

  const count = () => {
    isAsking = false;
    limit.count();
  };
  const renew$ = requests.pipe(
    // the first call acts at once, and the last one of a turn may have changed what functions give
    throttleTime(0, undefined, { leading: true, trailing: true }),
    switchMap((error) => {
      const before = attempts;
      return (isWanted() ? limit.available() : of(0)).pipe(
        // an attempt that has begun meanwhile has asked for everything anew
        filter(() => attempts === before),
        map(() => {
          // a function that is asked may be the caller, and must not be asked in a loop
          if (isAsking) count();
          current$.value?.giveUp(error, error.code, error.reason);
          return error;
        }),
      );
    }),
  );
  return {
    /** `error` is the close that the server and the user's functions are told of. */
    renew(error: ConnectionClosedError) {
      requests.next(error);
    },
    /** Emits when the present connection, attempt or wait is to be replaced. The connection is closed by then. */
    renew$,
    /** An attempt begins, and asks the user's functions. */
    asks() {
      attempts += 1;
      isAsking = true;
    },
    /** Counts a dial. */
    count,
  };
}
