/** The reasons for which Bitquery refuses or ends something, as far as its answers tell them apart. */
export type BitqueryErrorKind =
  /** 401, 403, 4401, 4403: the token is wrong, has expired or was revoked. */
  | 'unauthorized'
  /** 402: no active billing period. */
  | 'billing'
  /** The points of the account are used up. */
  | 'quota'
  /** 429, too many sessions, or a server that blocks for a while. */
  | 'rate-limit'
  /** As many streams run as the plan allows. */
  | 'too-many-streams'
  /** 1013: messages waited for this client. */
  | 'slow-consumer'
  /** 1009: a message was larger than `maxPayload`. */
  | 'message-too-big'
  /** The dataset has no table for the query. */
  | 'dataset'
  /** The rows behind the last one are no longer held. */
  | 'history'
  /** A `TimeoutError` of rxjs: no row came in time. */
  | 'no-rows'
  /** The function or the Observable `token` gave none. */
  | 'token'
  | 'other';

/** An error of Bitquery's, told apart. */
export interface BitqueryExplanation {
  readonly kind: BitqueryErrorKind;
  /** The reason, and the remedy if there is one; for `other` the message of the error. It holds no credentials. */
  readonly message: string;
}

/** Searched in this order: a text tells more than a status. A sign of the error itself stands at the beginning. */
const patterns: readonly (readonly [BitqueryErrorKind, RegExp])[] = [
  ['quota', /points limit|usage quota/i],
  ['billing', /billing period|^402 /i],
  ['too-many-streams', /too many concurrent|maximum number of subscriptions/i],
  ['rate-limit', /too many (sessions|requests)|temporarily blocked|^429 /i],
  ['dataset', /no table can query/i],
  ['history', /no longer holds block/],
  ['slow-consumer', /^1013 /],
  ['message-too-big', /^1009 /],
  ['no-rows', /^TimeoutError /],
  ['token', /^token /],
  ['unauthorized', /unauthori[sz]ed|^(40|440)[13] |^rejected /i],
];

const advice: Readonly<Record<Exclude<BitqueryErrorKind, 'other'>, string>> = {
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

/** The members by which errors are told apart, whosever error it is. */
type Signs = Readonly<
  Record<
    'name' | 'message' | 'status' | 'code' | 'kind' | 'option' | 'payload' | 'errors' | 'frame',
    unknown
  >
>;

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
  const { name, message, status, code, kind, option, payload, errors, frame } = signsOf(error);
  const { option: source } = signsOf((Object(error) as { cause?: unknown }).cause);
  const sign = [status, code, option, source, kind, name].find((each) => each !== undefined);
  const text = `${textOf(sign)} ${textOf([message, payload, errors, frame])}`;
  const found = patterns.find(([, pattern]) => pattern.test(text))?.[0] as
    keyof typeof advice | undefined;
  if (found) return { kind: found, message: advice[found] };
  const own = typeof error === 'object' && error !== null ? message : String(error);
  return { kind: 'other', message: typeof own === 'string' ? own : 'unknown error' };
}

function signsOf(value: unknown): Signs {
  return Object(value) as Signs;
}

/** All texts in a payload: `{ errors: [{ message }] }`, an array, one error and a bare text alike. */
function textOf(value: unknown, depth = 4): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return depth === 0
    ? ''
    : Object.values(value)
        .map((each) => textOf(each, depth - 1))
        .join(' ');
}
