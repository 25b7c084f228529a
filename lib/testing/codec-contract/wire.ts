import type { ExecutionResult, GraphQLFormattedError } from 'rx-graphql-ws';
import type { CodecDialect, WireFrame } from './codec-dialect.js';

/** Frames of a server's, as a dialect tells them; of a kind that it does not tell there are none. */
export interface Wire {
  readonly next: ((id: string, result: ExecutionResult) => string) | undefined;
  readonly error: ((id: string, errors: readonly GraphQLFormattedError[]) => string) | undefined;
  readonly complete: ((id: string) => string) | undefined;
}

export function wireOf({ next, error, complete }: CodecDialect): Wire {
  return {
    next: writer(next),
    error: writer(error),
    complete: writer(complete),
  };
}

/** The text of a frame. */
export function frameOf(wire: WireFrame): string {
  if (typeof wire === 'string') return JSON.stringify({ type: wire });
  const frame: string | object =
    typeof wire === 'function' ? (wire as () => string | object)() : wire;
  return typeof frame === 'string' ? frame : JSON.stringify(frame);
}

type Kind<TBody> = string | ((id: string, body: TBody) => string | object);

function writer<TBody>(kind: Kind<TBody> | undefined) {
  if (kind === undefined) return undefined;
  return (id: string, payload?: TBody) =>
    frameOf(
      typeof kind === 'string' ? { type: kind, id, payload } : () => kind(id, payload as TBody),
    );
}

/** One frame of each kind that the server has. */
export function samplesOf(dialect: CodecDialect): readonly string[] {
  const { next, error, complete } = wireOf(dialect);
  return [
    next?.('1', { data: { a: 1 } }),
    error?.('1', [{ message: 'm', path: ['a', 0], extensions: { code: 'X' } }]),
    complete?.('1'),
    ...(dialect.says ?? []).map(([wire]) => frameOf(wire)),
    ...(dialect.foreign ?? []).map(frameOf),
  ].filter((frame) => frame !== undefined);
}
