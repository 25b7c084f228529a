import { ProtocolError } from '../errors.js';
import type { ExecutionResult, Payload } from '../types.js';
import { fieldsOf } from './fields-of.js';
import type { JsonReviver } from './payload.js';
import { toResult } from './payload.js';

/** The payload of a frame that had to be parsed to know what it is: `value` is what its text says. */
export class WholePayload implements Payload {
  readonly #frame: string;
  readonly #reviver: JsonReviver | undefined;
  /** For one consumer alone: what it does to its result must not be seen by another. */
  #spare: unknown;
  #text: string | undefined;

  constructor(
    frame: string,
    reviver: JsonReviver | undefined,
    value: unknown,
    text: string | undefined,
  ) {
    this.#text = text;
    this.#frame = frame;
    this.#reviver = reviver;
    this.#spare = reviver ? undefined : value;
  }

  get text(): string {
    this.#text ??= fieldsOf(this.#frame).find(({ name }) => name === 'payload')?.text ?? 'null';
    return this.#text;
  }

  decode(): ExecutionResult {
    const result = this.#spare ?? this.#parse();
    this.#spare = undefined;
    return toResult(result, this.#frame);
  }

  /** Whether the payload may have this text in it: never false where it has. */
  mayContain(text: string): boolean {
    return this.#frame.includes(text);
  }

  #parse(): unknown {
    try {
      return JSON.parse(this.text, this.#reviver);
    } catch (cause) {
      throw new ProtocolError('malformed result: not JSON', this.#frame, { cause });
    }
  }
}
