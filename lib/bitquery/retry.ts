import { exponentialBackoff, type RetryOptions } from 'rx-graphql-ws';
import { kindOfError } from './kinds.js';

/** Another attempt would end in the same way, and a refused one counts, too. */
const final = ['billing', 'quota', 'too-many-streams'];

/** The reasons that a short wait does not remove. */
const slow = ['rate-limit', 'slow-consumer'];

/** Whether Bitquery may answer the next attempt otherwise. */
export function isWorthRetry(error: unknown, byDefault: boolean): boolean {
  const kind = kindOfError(error);
  return kind === 'rate-limit' || (byDefault && !final.includes(kind));
}

/** ms before a retry: from 5 s to a minute where Bitquery wants a pause and does not tell its length. */
export function pauseOf(): (error: unknown, attempt: number) => number {
  const usual = exponentialBackoff();
  const long = exponentialBackoff({ initial: 5_000, max: 60_000, jitter: 'none' });
  return (error, attempt) => {
    const isTold = (Object(error) as { retryAfter?: number }).retryAfter !== undefined;
    const isSlow = !isTold && slow.includes(kindOfError(error));
    return usual(error, attempt) + (isSlow ? long(error, attempt) : 0);
  };
}

/** The user's options, over those of Bitquery. `shouldRetry` of the user's is handed the decision that is made here. */
export function retryOptions({
  delay = pauseOf(),
  shouldRetry = (_error, decided) => decided,
  ...given
}: RetryOptions): RetryOptions {
  // whatever is no function is refused by `graphqlSocket`
  const isFunction = typeof (shouldRetry as unknown) === 'function';
  const decide: typeof shouldRetry = (error, byDefault) =>
    shouldRetry(error, isWorthRetry(error, byDefault));
  return { ...given, delay, shouldRetry: isFunction ? decide : shouldRetry };
}
