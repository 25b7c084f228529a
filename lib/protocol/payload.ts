import { ProtocolError } from '../errors.js';
import type { Frame } from '../long-frame.js';
import type { ExecutionResult, Payload } from '../types.js';
import { endOfValue } from './end-of-value.js';
import { mayHaveField } from './may-have-field.js';

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
  readonly #tail: number;
  #text: string | undefined;

  /** `tail` is where the fields begin that are known to be behind the payload; 0 for none. */
  constructor(frame: Frame, reviver: JsonReviver | undefined, start: number, tail = 0) {
    this.#frame = frame;
    this.#reviver = reviver;
    this.#start = start;
    this.#tail = tail;
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
    const start = this.#start;
    const likely = this.#likelyEnd();
    try {
      // the head, one value and the tail: all of the frame is seen to be JSON
      if (likely > 0 && !isCut(frame, start, likely)) {
        return JSON.parse(frame.slice(start, likely), this.#reviver);
      }
    } catch {
      // fields behind the payload, or no JSON at all
    }
    try {
      if (!this.#reviver && !mayHaveField(frame, 'payload', start, frame.length)) {
        return (JSON.parse(frame) as { readonly payload: unknown }).payload;
      }
      const end = this.#end();
      JSON.parse(`{"_":0${frame.slice(end)}`);
      return JSON.parse(frame.slice(start, end), this.#reviver);
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', frame, { cause });
    }
  }

  /** Where the payload ends if nothing unknown is behind it; 0 where the frame does not end. */
  #likelyEnd(): number {
    return this.#tail || closingBrace(this.#whole());
  }

  #end(): number {
    const frame = this.#whole();
    const end = this.#likelyEnd();
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
 * Whether it is plain that fields are behind the payload: an object ends with a brace. A parse that fails takes longer than five of
 * a small frame.
 */
function isCut(frame: string, start: number, end: number): boolean {
  const last = frame.charCodeAt(end - 1);
  // white space may be before the end
  return frame.charCodeAt(start) === 0x7b && last !== 0x7d && last > 0x20;
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
