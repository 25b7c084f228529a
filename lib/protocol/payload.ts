import { ProtocolError } from '../errors.js';
import type { ExecutionResult, Payload } from '../types.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- as TypeScript declares them for JSON.parse and JSON.stringify */
/** As the second argument of `JSON.parse`. */
export type JsonReviver = (this: any, key: string, value: any) => any;
/** As the second argument of `JSON.stringify`. */
export type JsonReplacer = (this: any, key: string, value: any) => any;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A frame whose text is decoded only when it is asked for (Node, long frames). */
export interface LazyFrame {
  /** The first characters, as far as they are ASCII. */
  readonly head: string;
  toString(): string;
}

/** A frame as it arrives. */
export type Frame = string | LazyFrame;

/** The place at which a field behind a payload that is an object may begin. */
const followingField = /\}[ \t\n\r]*,[ \t\n\r]*"/;

/** White space of JSON. `trimEnd` would skip more, a byte order mark for one. */
const onlySpace = /^[ \t\n\r]*$/;

/**
 * The payload of a result, parsed only by `decode()`. A class, because one is made for every message, and an object with
 * methods of its own costs more than the routing.
 */
export class FramePayload implements Payload {
  #frame: Frame;
  readonly #reviver: JsonReviver | undefined;
  readonly #start: number;
  /** For the first consumer alone, because a consumer may change its result. */
  #parsed: unknown;
  #text: string | undefined;

  /** `start` is the index at which the payload begins; 0 if the frame had to be parsed, and then `parsed` is the payload. */
  constructor(frame: Frame, reviver: JsonReviver | undefined, start: number, parsed?: unknown) {
    this.#frame = frame;
    this.#reviver = reviver;
    this.#start = start;
    this.#parsed = reviver ? undefined : parsed;
  }

  get text(): string {
    return (this.#text ??= this.#findText());
  }

  /** @throws ProtocolError - no JSON, or not the shape of a result. */
  decode(): ExecutionResult {
    const result = this.#parsed ?? this.#parse();
    this.#parsed = undefined;
    if (isResult(result)) return result;
    throw new ProtocolError('malformed result: no data or errors', this.#whole());
  }

  #findText(): string {
    const rest = this.#rest().trimEnd();
    if (rest.startsWith('{') && !followingField.test(rest)) return rest;
    try {
      JSON.parse(rest);
      return rest;
    } catch {
      // a field is behind the payload, or the payload's place is not known
    }
    try {
      return JSON.stringify(this.#parseFrame() ?? null);
    } catch {
      // no JSON, or nested deeper than `JSON.stringify` can follow
      return rest || this.#whole().slice(this.#start);
    }
  }

  #parse(): unknown {
    try {
      return JSON.parse(this.#rest(), this.#reviver);
    } catch {
      // as above
    }
    try {
      const payload = this.#parseFrame();
      return this.#reviver ? JSON.parse(JSON.stringify(payload), this.#reviver) : payload;
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', this.#whole(), { cause });
    }
  }

  #parseFrame(): unknown {
    return (JSON.parse(this.#whole()) as { readonly payload: unknown }).payload;
  }

  /** The frame from the payload to its last brace; empty if the payload's place is not known, or the frame does not end with a brace. */
  #rest(): string {
    const frame = this.#whole();
    let end = frame.length - 1;
    if (frame[end] !== '}') end = frame.lastIndexOf('}');
    const isEnd = end === frame.length - 1 || onlySpace.test(frame.slice(end + 1));
    return this.#start > 0 && isEnd ? frame.slice(this.#start, end) : '';
  }

  #whole(): string {
    return (this.#frame = String(this.#frame));
  }
}

/** GraphQL specification, section 7.1, or the incremental delivery proposal. */
export function isResult(value: unknown): value is ExecutionResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    ('data' in value || 'errors' in value || 'incremental' in value || 'hasNext' in value)
  );
}

/** Whether more increments follow. Data may have a field of that name, so a parse decides. */
export function isPartial(payload: Payload): boolean {
  try {
    return payload.text.includes('"hasNext"') && payload.decode().hasNext === true;
  } catch {
    return false;
  }
}
