import { type BitqueryErrorKind, kindOfError } from './kinds.js';

/** An error of Bitquery's, told apart. */
export interface BitqueryExplanation {
  readonly kind: BitqueryErrorKind;
  /** The reason, and the remedy if there is one; for `other` the message of the error. It holds no credentials. */
  readonly message: string;
}

const advice: Readonly<Partial<Record<BitqueryErrorKind, string>>> = {
  unauthorized:
    'Bitquery refused the token: give one that is valid, has not expired and was not revoked',
  billing: 'the account has no active billing period: choose or renew a plan',
  quota: 'the points of the account are used up: wait for the next period, or buy more',
  'rate-limit': 'there were too many requests or sessions in a short time: wait before the next',
  'too-many-streams':
    'as many streams run as the plan allows: end some; a lost connection counts until the server notices it',
  'slow-consumer':
    'the consumer is too slow: select fewer rows in the document, or take less time for each',
  'message-too-big':
    'a message was too big: raise `maxPayload` in `webSocketOptions`, or lower `limit` in the document',
  dataset: 'the dataset has no table for this query: name another `dataset` in the document',
  history: 'the dataset no longer holds the rows behind the last one: they cannot be recovered',
  'no-rows':
    'no row came in time: the filter matches nothing, the cube does not stream, or the plan allows no more streams; Bitquery tells none of these',
  token: 'the option `token` gave no token',
};

/**
 * Tells apart why Bitquery refused or ended something. It takes errors of streams, of `status$` and of `backfillByBlock`, a `TimeoutError`
 * of rxjs, and data of the form `{ type: 'error', payload }`.
 *
 * @example
 * ```ts
 * socket.status$.subscribe((status) => {
 *   if (status.state === 'waiting') console.log(explainBitqueryError(status.error).message);
 * });
 * ```
 */
export function explainBitqueryError(error: unknown): BitqueryExplanation {
  const kind = kindOfError(error);
  return { kind, message: advice[kind] ?? messageOf(error) };
}

function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : 'unknown error';
}
