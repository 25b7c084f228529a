import type { Observable } from 'rxjs';
import { defer, retry, switchMap, throwError, timer } from 'rxjs';
import type { AttemptContext, GraphQLSocketError } from 'rx-graphql-ws';
import { addressOf, askForToken, type BitqueryAccess } from './access.js';
import { kindOfError } from './kinds.js';
import { type Fetch, post } from './post.js';
import { isWorthRetry, pauseOf } from './retry.js';

interface AskOptions extends BitqueryAccess {
  readonly fetch?: Fetch | undefined;
}

/** Makes a function that posts a body until there is an answer, or until waiting does not help. */
export function createAsk({
  token,
  fetch,
  ...place
}: AskOptions): (body: string) => Observable<unknown> {
  const address = addressOf(place, 'http');
  const pause = pauseOf();
  const isRefusal = (error: unknown) => kindOfError(error) === 'unauthorized';
  return (body) =>
    defer(() => {
      let context: AttemptContext = { attempt: 0, error: undefined };
      return defer(() => askForToken(token, context)).pipe(
        switchMap((given) => post({ address, token: given, body }, fetch)),
        retry({
          delay: (error: GraphQLSocketError, attempt) => {
            const isRefresh =
              typeof token !== 'string' && isRefusal(error) && !isRefusal(context.error);
            if (!isRefresh && !isWorthRetry(error, mayPass(error))) return throwError(() => error);
            context = { attempt, error };
            const { retryAfter = 0 } = error as { retryAfter?: number };
            return timer(isRefresh ? 0 : retryAfter + pause(error, attempt));
          },
        }),
      );
    });
}

/** No answer, or a fault of the server's own. */
function mayPass({ name, status = 500 }: GraphQLSocketError & { status?: number }): boolean {
  return name === 'ConnectionError' && status >= 500;
}
