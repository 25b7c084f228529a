import { ProtocolError } from '../errors.js';
import type { ExecutionResult, Payload } from '../types.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- as TypeScript declares them for JSON.parse and JSON.stringify */
/** As the second argument of `JSON.parse`. */
export type JsonReviver = (this: any, key: string, value: any) => any;
/** As the second argument of `JSON.stringify`. */
export type JsonReplacer = (this: any, key: string, value: any) => any;
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * The payload that a result frame carries from `start` on, not parsed. The frame was recognised by its head alone, so a
 * frame with fields behind the payload, or one that is not JSON at all, shows itself only in `decode()`.
 */
export function payloadInFrame(
  frame: string,
  start: number,
  reviver: JsonReviver | undefined,
): Payload {
  return {
    get text() {
      return frame.slice(start, payloadEnd(frame));
    },
    decode() {
      return executionResult(() => payloadOf(frame, start, reviver), frame);
    },
  };
}

/** A payload that had to be parsed to be found. */
export function parsedPayload(
  value: unknown,
  frame: string,
  reviver: JsonReviver | undefined,
): Payload {
  return {
    get text() {
      return JSON.stringify(value) ?? '';
    },
    decode() {
      return executionResult(
        () => (reviver ? (JSON.parse(JSON.stringify(value) ?? 'null', reviver) as unknown) : value),
        frame,
      );
    },
  };
}

/** Where the brace stands that closes the message; 0, so that the slice is empty, where there is none. */
function payloadEnd(frame: string): number {
  const end = frame.trimEnd().length - 1;
  return frame[end] === '}' ? end : 0;
}

function payloadOf(frame: string, start: number, reviver: JsonReviver | undefined): unknown {
  try {
    return JSON.parse(frame.slice(start, payloadEnd(frame)), reviver);
  } catch {
    const whole = JSON.parse(frame) as { payload?: unknown };
    return reviver ? JSON.parse(JSON.stringify(whole.payload) ?? 'null', reviver) : whole.payload;
  }
}

/** GraphQL specification, section 7.1; `incremental` and `hasNext` are of the incremental delivery proposal. */
function executionResult(parse: () => unknown, frame: string): ExecutionResult {
  let value: unknown;
  try {
    value = parse();
  } catch (cause) {
    throw new ProtocolError('malformed result: not JSON', frame, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const field of ['data', 'errors', 'incremental', 'hasNext']) {
      if (field in value) return value as ExecutionResult;
    }
  }
  throw new ProtocolError('malformed result: no data, errors, incremental or hasNext', frame);
}
