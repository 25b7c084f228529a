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
export function expectedOf(meaning: Meaning, { kind }: Stream): Expected {
  const single = kind === 'query$' || kind === 'mutate$';
  if (meaning.kind === 'error') return { ...nothing, error: 'OperationError' };
  if (meaning.kind === 'complete')
    return single ? { ...nothing, error: 'OperationError' } : { ...nothing, complete: true };
  if (meaning.kind !== 'next') return nothing;
  const [payload] = meaning.payloads;
  const isResult = isObject(payload) && resultFields.some((field) => Object.hasOwn(payload, field));
  // undecoded it is delivered, and fails where it is decoded
  if (!isResult) return { ...nothing, error: 'ProtocolError' };
  if (kind === 'execute$' || kind === 'payload$') return { ...nothing, values: [payload] };
  const { errors, data } = payload;
  const faultless = errors == null || (Array.isArray(errors) && errors.length === 0);
  if (!faultless) return { ...nothing, error: 'OperationError' };
  if (data === undefined) return nothing;
  return { values: [data], error: undefined, complete: single };
}
