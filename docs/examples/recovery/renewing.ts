// Make before break: at each renewal another socket is opened, and the subscription moves to it with its first result there.
import type { GraphQLSocket, RequestInput, SubscribeOptions, Variables } from 'rx-graphql-ws';
import { catchError, defer, EMPTY, filter, finalize, map, mergeMap } from 'rxjs';
import { type Observable, startWith, Subject, takeUntil, tap, throwError } from 'rxjs';

type Subscribable = Pick<GraphQLSocket, 'subscribe$'>;

/** For `recover`, with a `key`, and `resume` or `backfill`. `connect` makes a socket with the credentials of now. */
export function renewing(connect: () => GraphQLSocket, renew$: Observable<unknown>): Subscribable {
  const subscribe$ = (request: RequestInput<unknown, Variables>, options?: SubscribeOptions) =>
    defer(() => {
      const live$ = new Subject<number>();
      const complete$ = new Subject<void>();
      const moveTo = (socket: GraphQLSocket, index: number) => {
        let isLive = index === 0;
        const begin = () => {
          if (isLive) return;
          isLive = true;
          // what is still on its way on the old connection is missed: to `recover` this is a loss
          const { variables } = request as { variables: () => unknown };
          variables();
          live$.next(index);
        };
        return socket.subscribe$(request, options).pipe(
          tap({ next: begin, complete: () => isLive && complete$.next() }),
          // one that cannot begin replaces nothing
          catchError((error: unknown) => (isLive ? throwError(() => error) : EMPTY)),
          finalize(() => socket.close()),
          takeUntil(live$.pipe(filter((newer) => newer > index))),
        );
      };
      return renew$.pipe(
        startWith(undefined),
        map(connect),
        mergeMap(moveTo),
        takeUntil(complete$),
      );
    });
  return { subscribe$: subscribe$ as Subscribable['subscribe$'] };
}
