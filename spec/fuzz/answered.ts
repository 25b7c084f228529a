import type { FakePeer } from 'rx-graphql-ws/testing';
import { expectedOf } from './expected.js';
import { isObject, type Meaning } from './meaning.js';
import type { Stream } from './stream.js';

/**
 * The queries and mutations that were answered in full, but without data: the server may have no more to say, so that with the
 * connection they end, for want of a result.
 */
export interface Answered {
  /** A stream, live till then, was meant by a frame on a socket. */
  note(stream: Stream, peer: FakePeer, meaning: Meaning): void;
  /** Whether a stream that was sent on this socket may end when the socket is lost. */
  has(stream: Stream, peer: FakePeer | undefined): boolean;
}

export function createAnswered(): Answered {
  const last = new Map<Stream, FakePeer>();
  return {
    note(stream, peer, meaning) {
      if (stream.kind !== 'query$' && stream.kind !== 'mutate$') return;
      const answers = meaning.payloads.some((payload) => isUseless(payload, stream));
      if (answers && ['next', 'ambiguous'].includes(meaning.kind)) last.set(stream, peer);
      // an increment, with more to follow
      else if (meaning.kind === 'next') last.delete(stream);
    },
    has: (stream, peer) => peer !== undefined && last.get(stream) === peer,
  };
}

/** Whether nothing comes of a result now, and no other is to follow it. */
function isUseless(payload: unknown, stream: Stream): boolean {
  const meaning: Meaning = { kind: 'next', ids: [], payloads: [payload] };
  const { values, error } = expectedOf(meaning, stream);
  const partial = isObject(payload) && payload.hasNext === true;
  return values.length === 0 && error === undefined && !partial;
}
