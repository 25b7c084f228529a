import { Observable } from 'rxjs';
import {
  ConfigurationError,
  ConnectionError,
  type ExecutionResult,
  type GraphQLFormattedError,
  OperationError,
  ProtocolError,
} from 'rx-graphql-ws';

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RequestInit differs between platforms, and some have none
  init: any,
) => PromiseLike<{
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): PromiseLike<string>;
}>;

/** One request. */
export interface Post {
  readonly address: URL;
  readonly token: string;
  readonly body: string;
}

/**
 * Posts a GraphQL request, and emits its data. Unsubscribing aborts the request.
 *
 * It fails with a ConnectionError if there was no answer or another status than 2xx, with an OperationError if the answer has errors,
 * with a ProtocolError if it is no result. None of them shows the token, even if the server echoes it.
 */
export function post(
  given: Post,
  fetch: Fetch | undefined = globalThis.fetch as Fetch | undefined,
): Observable<unknown> {
  return new Observable((subscriber) => {
    if (!fetch) throw new ConfigurationError('fetch', 'there is no global `fetch`: give one');
    const abort = new AbortController();
    send(given, fetch, abort.signal).then(
      (data) => {
        subscriber.next(data);
        subscriber.complete();
      },
      (error: unknown) => {
        subscriber.error(error);
      },
    );
    return () => {
      abort.abort();
    };
  });
}

async function send(
  { address, token, body }: Post,
  fetch: Fetch,
  signal: unknown,
): Promise<unknown> {
  const failure = `could not ask ${address.origin}${address.pathname}`;
  let text: string;
  let response: Awaited<ReturnType<Fetch>>;
  try {
    response = await fetch(address.href, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body,
      signal,
      // the token is for this address
      redirect: 'manual',
    });
    text = await response.text();
  } catch (cause) {
    throw new ConnectionError(failure, { cause });
  }
  const redact = (value: unknown) =>
    typeof value === 'string' ? value.replaceAll(token, '[redacted]') : value;
  const { ok, status, headers } = response;
  if (ok) return dataOf(text, redact);
  const wait = retryAfter(headers.get('Retry-After'));
  throw new ConnectionError(`${failure}: HTTP ${status} ${printable(redact(text))}`.trim(), {
    status,
    ...(wait !== undefined && { retryAfter: wait }),
  });
}

/** The data of a result. What the server says in place of data is redacted. */
function dataOf(text: string, redact: (value: unknown) => unknown): unknown {
  let result: ExecutionResult | null = null;
  try {
    result = JSON.parse(text) as typeof result;
  } catch {
    // not even JSON
  }
  const { errors = [], data } = Object(result) as ExecutionResult;
  if (errors.length > 0) {
    const shown = JSON.stringify([errors.map(withMessage), data], (_key, value) => redact(value));
    throw new OperationError(...(JSON.parse(shown) as [GraphQLFormattedError[], unknown]));
  }
  if (data) return data;
  throw new ProtocolError('malformed result: no data or errors', String(redact(text)));
}

function withMessage(error: unknown): GraphQLFormattedError {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string'
    ? (error as GraphQLFormattedError)
    : { message: String(error) };
}

/** ms that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds, or a date), from a second to five minutes. */
function retryAfter(header: string | null): number | undefined {
  const text = header ?? '';
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 1_000), 300_000);
}

/** Server text for a message: no control or bidi characters, 256 characters at most. */
function printable(text: unknown): string {
  return String(text)
    .slice(0, 256)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
}
