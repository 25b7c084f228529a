import { isEqual } from '../is-equal.js';
import { parseSent } from '../sent-message.js';
import { redactMessage } from './redact-message.js';
import type { SceneOperation } from './scene.js';

/** Finds the recorded operation for each of a client's. */
export interface Casting {
  /** How many the client has not sent yet. */
  readonly unsent: number;
  /**
   * The operation that is meant: the first not taken yet that is the same request, or else has the same document, or else any.
   *
   * @returns `undefined` if all are taken
   */
  take(request: unknown): SceneOperation | undefined;
}

export function castOperations(operations: readonly SceneOperation[]): Casting {
  const untaken = [...operations];
  return {
    get unsent() {
      return untaken.length;
    },
    take: (given) => {
      const request = redact(given);
      const documents = untaken.map((operation) => queryOf(operation.request));
      const places = [
        untaken.findIndex((operation) => isEqual(operation.request, request)),
        documents.indexOf(queryOf(request)),
        0,
      ];
      return untaken.splice(places.find((place) => place >= 0) as number, 1)[0];
    },
  };
}

/** As it would have been recorded. */
function redact(request: unknown): unknown {
  return parseSent(redactMessage(JSON.stringify({ request }))).request;
}

function queryOf(request: unknown): unknown {
  return (Object(request) as { query?: unknown }).query;
}
