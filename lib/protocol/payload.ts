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
 * The payload that a result frame carries from `start` on, not parsed; without `start`, the one that a whole parse finds. A
 * frame is recognised by its head alone: fields behind the payload, or no JSON at all, show themselves only in `decode()`.
 */
export function payloadOf(frame: string, reviver?: JsonReviver, start?: number): Payload {
  const slice = () => {
    const end = frame.lastIndexOf('}');
    return /[^ \t\n\r]/.test(frame.slice(end + 1)) ? '' : frame.slice(start, end).trimEnd();
  };
  const parse = (text: string) => JSON.parse(text, reviver) as unknown;
  return {
    get text() {
      const text = start ? slice() : '';
      // a field behind it that is an object itself cannot be told from the payload's own without parsing
      if (text.endsWith('}')) return text;
      try {
        return JSON.stringify((JSON.parse(frame) as Message).payload ?? null);
      } catch {
        // broken, or nested deeper than stringify can follow
        return text || frame;
      }
    },
    decode() {
      let result: unknown;
      try {
        if (start) result = parse(slice());
      } catch {
        // fields behind the payload, or no JSON at all
      }
      try {
        if (result === undefined) {
          const { payload = null } = JSON.parse(frame) as Message;
          result = reviver ? parse(JSON.stringify(payload)) : payload;
        }
      } catch (cause) {
        throw new ProtocolError('malformed result: not JSON', frame, { cause });
      }
      if (isObject(result) && resultFields.some((field) => field in (result as object))) {
        return result as ExecutionResult;
      }
      throw new ProtocolError('malformed result: no data or errors', frame);
    },
  };
}
