import { ProtocolError } from '../errors.js';
import type { Frame } from '../long-frame.js';
import type { ExecutionResult, Payload } from '../types.js';
import { endOfValue } from './end-of-value.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- as TypeScript declares them for JSON.parse and JSON.stringify */
/** As the second argument of `JSON.parse`. */
export type JsonReviver = (this: any, key: string, value: any) => any;
/** As the second argument of `JSON.stringify`. */
export type JsonReplacer = (this: any, key: string, value: any) => any;
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * The payload that begins at `start` of a frame, not parsed. A frame is recognised by its head alone: fields behind the payload,
 * or no JSON at all, show themselves only in `decode()`.
 *
 * A class, unlike all else here: one is made for every message, and an object with methods of its own costs more than the routing.
 */
export class FramePayload implements Payload {
  #frame: Frame;
  readonly #reviver: JsonReviver | undefined;
  readonly #start: number;
  #text: string | undefined;

  constructor(frame: Frame, reviver: JsonReviver | undefined, start: number) {
    this.#frame = frame;
    this.#reviver = reviver;
    this.#start = start;
  }

  get text(): string {
    return (this.#text ??= this.#whole().slice(this.#start, this.#end()).trim());
  }

  decode(): ExecutionResult {
    return toResult(this.#parse(this.#whole()), this.#whole());
  }

  /** Whether the payload may have this text in it: never false where it has. */
  mayContain(text: string): boolean {
    return this.#whole().includes(text);
  }

  #whole(): string {
    if (typeof this.#frame !== 'string') this.#frame = String(this.#frame);
    return this.#frame;
  }

  #parse(frame: string): unknown {
    const end = closingBrace(frame);
    try {
      // the head, one value and the brace: all of the frame is seen to be JSON
      if (end > 0) return JSON.parse(frame.slice(this.#start, end), this.#reviver);
    } catch {
      // fields behind the payload, or no JSON at all
    }
    try {
      JSON.parse(frame);
      return JSON.parse(this.text, this.#reviver);
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', frame, { cause });
    }
  }

  #end(): number {
    const frame = this.#whole();
    const end = closingBrace(frame);
    return isLast(frame, this.#start, end) ? end : endOfValue(frame, this.#start);
  }
}

/** @throws ProtocolError - not the shape of a result: GraphQL specification, section 7.1, or the incremental delivery proposal. */
export function toResult(value: unknown, frame: string): ExecutionResult {
  const isResult =
    typeof value === 'object' &&
    value !== null &&
    ('data' in value || 'errors' in value || 'incremental' in value || 'hasNext' in value);
  if (isResult) return value as ExecutionResult;
  throw new ProtocolError('malformed result: no data or errors', frame);
}

/** Where the frame's object ends: white space may follow, as Go's encoder ends lines. 0 where it does not end. */
function closingBrace(frame: string): number {
  let at = frame.length - 1;
  // JSON's white space: what trim() takes for it is more, a byte order mark for one
  while (frame[at] !== '}' && /[ \t\n\r]/.test(frame.charAt(at))) at -= 1;
  return frame[at] === '}' ? at : 0;
}

/**
 * Whether it is plain that nothing but the payload is left of the frame. A field behind an object follows its brace, and is the
 * last, or an object itself; rows that have no objects in them, written without white space, have no such place.
 * Where it is not plain all strings must be read, which takes ten times as long.
 */
function isLast(frame: string, start: number, end: number): boolean {
  if (frame[start] !== '{' || end === 0) return false;
  for (let at = frame.indexOf('}', start); at < end - 1; at = frame.indexOf('}', at + 1)) {
    const next = frame[at + 1];
    if (next !== '}' && next !== ']' && !(next === ',' && frame[at + 2] === '{')) return false;
  }
  return true;
}
