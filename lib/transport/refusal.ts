/** A server that answers the upgrade with an HTTP status: its body, and the error. Node alone. */
import { asyncScheduler } from 'rxjs';
import { ConnectionError, printable, setErrorKind } from '../errors.js';
import { defaultSubprotocols } from './address.js';
import type { corkWrites } from './ws-streams.js';

export interface HttpResponse {
  readonly statusCode: number;
  readonly statusMessage?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Node's own response has one, and is a stream; a stand-in may have neither. */
  readonly socket?: Parameters<typeof corkWrites>[0];
  on?(event: string, listener: (chunk: Uint8Array) => void): unknown;
}

export interface HttpRequest {
  readonly path: string;
  getHeaders(): Readonly<Record<string, string | string[]>>;
}

export interface Refusal {
  readonly response: HttpResponse;
  /** The beginning of its body, as far as it has come. */
  readonly body: () => string | undefined;
}

/** Characters of the body that are kept, that are read at most, and that a message shows at most. */
const bodyLength = 1_000;
const readLength = 16_000;
const shownLength = 100;
/** ms in which the rest of a body may come: the verdict does not wait for a body without end. */
const bodyMs = 250;

/** Returns the beginning of the body, as far as it has come. Calls back when it is there, or when it has taken too long. */
export function readBody(
  request: HttpRequest,
  response: HttpResponse,
  done: () => void,
): Refusal['body'] {
  // nobody asked for a compressed body, and its bytes are no text
  if (!response.on || response.headers['content-encoding']) {
    done();
    return () => undefined;
  }
  const decoder = new TextDecoder();
  let text = '';
  const late = asyncScheduler.schedule(done, bodyMs);
  const finish = () => {
    if (!late.closed) done();
    late.unsubscribe();
  };
  response.on('data', (chunk) => {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= readLength) finish();
  });
  for (const end of ['end', 'error', 'close']) response.on(end, finish);
  return () => printable(redact(text, request), bodyLength).trim() || undefined;
}

/** Headers of a request that are no secrets. */
const publicHeader =
  /^(?:host|origin|user-agent|connection|upgrade|accept.*|sec-websocket-(?:key|version|extensions))$/;

/** Characters from which on a whole header, or a word of one, may be a credential. */
const shortestHeader = 4;
const shortestWord = 8;

/** Hides what the server repeats of the request's credentials: of its query and its headers, whole or in words. */
function redact(text: string, request: HttpRequest): string {
  const headers = Object.entries(request.getHeaders()).filter(([name]) => !publicHeader.test(name));
  const given = headers.flatMap(([, value]) => value).filter(isLongerThan(shortestHeader));
  const words = [...given, request.path.split('?')[1] ?? '']
    .flatMap((value) => value.split(/[^\w.~+/-]+/))
    .filter(isLongerThan(shortestWord));
  return [...given, ...words]
    .filter((value) => !defaultSubprotocols.includes(value))
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}

const isLongerThan = (length: number) => (value: string) => value.length >= length;

/** Statuses that another attempt, or other credentials, may change: timeouts, too early, too many, the server's own faults. */
const passing = (status: number) =>
  [401, 403, 408, 425, 429].includes(status) || status < 300 || status > 499;

/** The error for a refusal. The message shows a body that is a few words more than the status, and no page. */
export function httpFailure(where: string, { response, body: read }: Refusal): ConnectionError {
  const body = read();
  const { statusCode: status, statusMessage, headers } = response;
  const wait = [429, 503].includes(status) ? retryAfter(headers['retry-after']) : undefined;
  const isWords = body && body.length <= shownLength && body !== statusMessage;
  const shown = isWords ? `: ${body}` : '';
  const message = `could not connect to ${where}: HTTP ${status}${shown}`;
  const error = new ConnectionError(message, { status, retryAfter: wait, body });
  return passing(status) ? error : setErrorKind(error, 'misconfiguration');
}

/** A server's wish is granted from one second to five minutes, so that there is neither a storm nor a stream that sleeps for a year. */
const shortestWait = 1_000;
const longestWait = 300_000;

/** ms that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds, or a date); undefined if it says nothing. */
function retryAfter(header: unknown): number | undefined {
  const text = String(header);
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - asyncScheduler.now();
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, shortestWait), longestWait);
}
