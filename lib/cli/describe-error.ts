import { type GraphQLSocketError, isGraphQLSocketError } from 'rx-graphql-ws';
import { readDocument } from './read-document.js';

/** Reasons of failed dials, and the next step. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no such host, or no network'],
  [/SELF_SIGNED|self-signed|UNABLE_TO_(VERIFY|GET)/, '--ca names the certificate to trust'],
  [/CERT_HAS_EXPIRED/, 'the certificate of the server has expired'],
  [/ALTNAME_INVALID/, 'the certificate is for another host'],
  [/Max payload size/, 'a message is larger than maxPayload (32 MiB, 1009): ask for less in one'],
  [/\b4406\b/, 'the server speaks no subprotocol that was offered; without --subprotocol both are'],
];

/** Places that are shown: a server may send any number of them. */
const most = 5;

interface Located {
  readonly locations?: unknown;
}

/**
 * Describes an error for people: a line for the reason, then the places in the document.
 *
 * @param document - the text that was sent
 */
export function describeError(error: unknown, document = ''): readonly [string, ...string[]] {
  if (!isGraphQLSocketError(error)) return [messageOf(error)];
  const [message, ...causes] = causesOf(error).map(messageOf) as [string, ...string[]];
  const cause = causes.find((text) => !message.includes(text));
  // the server has not run what it could not read
  if (isSyntaxError(error, document))
    return [causes.at(-1) ?? message, ...placesOf(error, document)];
  const reason = cause === undefined ? message : `${message} (${cause})`;
  const hint = hints.find(([pattern]) => pattern.test(reason + codeOf(error)))?.[1];
  const first = hint === undefined ? reason : `${reason}: ${hint}`;
  return [first, ...placesOf(error, document)];
}

/** An error, the error behind it, and so on. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let each = error; each && !causes.includes(each); each = (Object(each) as Error).cause)
    causes.push(each);
  return causes;
}

function messageOf(error: unknown): string {
  if (error instanceof RangeError && error.message.includes('call stack'))
    return 'JSON is nested too deeply; results are printed as the server wrote them without --select, --resume and --format';
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: GraphQLSocketError): string {
  const { code } = Object(error.cause) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function placesOf(error: GraphQLSocketError, document: string): readonly string[] {
  const errors = error.name === 'OperationError' ? error.errors : [];
  const located = placesIn(errors, document);
  return located.length > 0 ? located : lookedFor(error.message, document);
}

/** The places of errors in a document, two lines each. */
export function placesIn(errors: readonly Located[], document: string): readonly string[] {
  const places = errors.flatMap((error) => {
    // the server may send anything
    const { locations } = Object(error) as Located;
    if (!Array.isArray(locations)) return [];
    return locations.flatMap((location) => {
      const { line, column } = Object(location) as Record<'line' | 'column', unknown>;
      return isPosition(line) && isPosition(column) ? [[line, column] as const] : [];
    });
  });
  const shown = places.slice(0, most).flatMap(([line, column]) => place(line, column, document));
  return places.length > most ? [...shown, `  and ${places.length - most} more`] : shown;
}

const isPosition = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0;

/** A server that closes over a syntax error does not tell where it is. */
function syntaxErrorAt(message: string, document: string): number | undefined {
  return /syntax error|4500/i.test(message) ? readDocument(document).wrongAt : undefined;
}

/** Whether an error is one of the syntax of the document, in whatever form the server tells it. */
export function isSyntaxError(error: unknown, document: string): boolean {
  return syntaxErrorAt(messageOf(error), document) !== undefined;
}

function lookedFor(message: string, document: string): readonly string[] {
  const wrongAt = syntaxErrorAt(message, document);
  if (wrongAt === undefined) return [];
  const before = document.slice(0, wrongAt).split(/\r\n|\n|\r/);
  return place(before.length, (before.at(-1) as string).length + 1, document);
}

function place(line: number, column: number, document: string): readonly string[] {
  const text = document.split(/\r\n|\n|\r/)[line - 1];
  const where = `  line ${line}, column ${column}`;
  if (text === undefined) return [where];
  // a long line is shown around the place
  const from = Math.max(0, column - 60);
  const shown = text.slice(from, from + 100).replace(/\t/g, ' ');
  return [`${where}:`, `    ${shown}`, `    ${' '.repeat(column - 1 - from)}^`];
}
