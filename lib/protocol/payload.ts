import { ProtocolError } from '../errors.js';
import type { ExecutionResult, Payload } from '../types.js';
import { isObject } from '../validate.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- as TypeScript declares them for JSON.parse and JSON.stringify */
/** As the second argument of `JSON.parse`. */
export type JsonReviver = (this: any, key: string, value: any) => any;
/** As the second argument of `JSON.stringify`. */
export type JsonReplacer = (this: any, key: string, value: any) => any;
/* eslint-enable @typescript-eslint/no-explicit-any */

interface Message {
  readonly payload?: unknown;
}

/** GraphQL specification, section 7.1; the last two are of the incremental delivery proposal. */
const resultFields = ['data', 'errors', 'incremental', 'hasNext'];

/**
 * The payload that a result frame carries from `start` on, not parsed; at 0, the one that a whole parse finds. A frame is
 * recognised by its head alone: fields behind the payload, or no JSON at all, show themselves only in `decode()`.
 *
 * A class, unlike all else here: one is made for every message, and an object with methods of its own costs more than the routing.
 */
export class FramePayload implements Payload {
  readonly #frame: string;
  readonly #reviver: JsonReviver | undefined;
  readonly #start: number;

  constructor(frame: string, reviver?: JsonReviver, start = 0) {
    this.#frame = frame;
    this.#reviver = reviver;
    this.#start = start;
  }

  get text(): string {
    const text = this.#slice();
    const end = text.lastIndexOf('}') + 1;
    // a field behind it that is an object itself cannot be told from the payload's own without parsing
    if (end > 0 && isBlank(text.slice(end))) return text.slice(0, end);
    try {
      return JSON.stringify(this.#whole());
    } catch {
      // broken, or nested deeper than stringify can follow
      return text || this.#frame;
    }
  }

  decode(): ExecutionResult {
    const result = this.#parse();
    if (isObject(result) && resultFields.some((field) => field in (result as object))) {
      return result as ExecutionResult;
    }
    throw new ProtocolError('malformed result: no data or errors', this.#frame);
  }

  #parse(): unknown {
    try {
      return JSON.parse(this.#slice(), this.#reviver);
    } catch {
      // no slice, fields behind the payload, or no JSON at all
    }
    try {
      const payload = this.#whole();
      return this.#reviver ? JSON.parse(JSON.stringify(payload), this.#reviver) : payload;
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', this.#frame, { cause });
    }
  }

  #whole(): unknown {
    return (JSON.parse(this.#frame) as Message).payload ?? null;
  }

  #slice(): string {
    const end = this.#frame.lastIndexOf('}');
    const closed = this.#start > 0 && isBlank(this.#frame.slice(end + 1));
    return closed ? this.#frame.slice(this.#start, end) : '';
  }
}

/** In JSON's sense: what `trim()` takes for white space is more, a byte order mark for one. */
function isBlank(text: string): boolean {
  return !/[^ \t\n\r]/.test(text);
}
