import { isObject, type Meaning } from './meaning.js';
import type { Stream } from './stream.js';

/** What a stream has to tell of a message for it: a value, the name of an error, an end; in this order. */
export interface Expected {
  readonly values: readonly unknown[];
  readonly error: string | undefined;
  readonly complete: boolean;
}

const nothing: Expected = { values: [], error: undefined, complete: false };
const resultFields = ['data', 'errors', 'incremental', 'hasNext'];

/** By the contract of each method; `meaning` is for this stream, and not ambiguous. */
export function expectedOf(meaning: Meaning, stream: Stream): Expected {
  const [payload] = meaning.payloads;
  if (meaning.kind === 'error') return { ...nothing, error: 'OperationError' };
  if (meaning.kind === 'next') return expectedOfResult(payload, stream);
  if (meaning.kind !== 'complete') return nothing;
  const last = isResult(payload) ? expectedOfResult(payload, stream) : nothing;
  if (last.error !== undefined || last.complete) return last;
  return isSingle(stream) ? { ...last, error: 'OperationError' } : { ...last, complete: true };
}

const isSingle = ({ kind }: Stream) => kind === 'query$' || kind === 'mutate$';

function isResult(payload: unknown): payload is Readonly<Record<string, unknown>> {
  return isObject(payload) && resultFields.some((field) => Object.hasOwn(payload, field));
}

function expectedOfResult(payload: unknown, stream: Stream): Expected {
  const { kind } = stream;
  // undecoded it is delivered, and fails where it is decoded
  if (!isResult(payload)) return { ...nothing, error: 'ProtocolError' };
  if (kind === 'execute$' || kind === 'payload$') return { ...nothing, values: [payload] };
  const { errors, data, hasNext, incremental, path } = payload;
  const faultless = typeof errors === 'object' ? Object.keys(errors ?? {}).length === 0 : !errors;
  const whole = hasNext !== true && incremental == null && path == null;
  if (!faultless || !whole) return { ...nothing, error: 'OperationError' };
  if (data === undefined) return nothing;
  return { values: [data], error: undefined, complete: isSingle(stream) };
}
