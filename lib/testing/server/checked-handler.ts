import type { ExecutionResult } from 'rx-graphql-ws';
import { from, map } from 'rxjs';
import { kindOf } from './check.js';
import type { OperationHandler } from './operation-handler.js';
import { isObject } from './wire-message.js';

/**
 * The same handler, which explains what it should have returned, and what each result should have been.
 *
 * @param handle - the user's
 */
export function checkedHandler(handle: OperationHandler): OperationHandler {
  return (request, context) => {
    const answer: unknown = handle(request, context);
    // rxjs takes a text for a list of letters.
    if (typeof answer === 'string') throw wrongAnswer(answer);
    try {
      return from(answer as ReturnType<OperationHandler>).pipe(map(expectResult));
    } catch {
      throw wrongAnswer(answer);
    }
  };
}

function expectResult(result: unknown): ExecutionResult {
  if (isObject(result)) return result;
  throw new TypeError(
    `expected each result of \`handle\` to be an object such as \`{ data }\`, got ${kindOf(result)}`,
  );
}

function wrongAnswer(answer: unknown): TypeError {
  return new TypeError(
    `expected \`handle\` to return an Observable, a promise or an iterable of results, such as \`of({ data })\`, got ${kindOf(answer)}`,
  );
}
