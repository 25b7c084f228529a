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

/** The members by which errors are told apart, whosever error it is. */
type Signs = Readonly<
  Record<
    'name' | 'message' | 'status' | 'code' | 'kind' | 'option' | 'payload' | 'errors' | 'frame',
    unknown
  >
>;

/** The kind of an error of a stream or a backfill, or of whatever else was thrown. */
export function kindOfError(error: unknown): BitqueryErrorKind {
  const { name, message, status, code, kind, option, payload, errors, frame } = signsOf(error);
  const { option: source } = signsOf((Object(error) as { cause?: unknown }).cause);
  const sign = [status, code, option, source, kind, name].find((each) => each !== undefined);
  const text = `${textOf(sign)} ${textOf([message, payload, errors, frame])}`;
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
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
