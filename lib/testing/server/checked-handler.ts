import { from } from 'rxjs';
import { kindOf } from './check.js';
import type { OperationHandler } from './operation-handler.js';

/**
 * The same handler, which explains what it should have returned.
 *
 * @param handle - the user's
 */
export function checkedHandler(handle: OperationHandler): OperationHandler {
  return (request, context) => {
    const answer: unknown = handle(request, context);
    // rxjs takes a text for a list of letters.
    if (typeof answer === 'string') throw wrongAnswer(answer);
    try {
      return from(answer as ReturnType<OperationHandler>);
    } catch {
      throw wrongAnswer(answer);
    }
  };
}

function wrongAnswer(answer: unknown): TypeError {
  return new TypeError(
    `expected \`handle\` to return an Observable, a promise or an iterable of results, such as \`of({ data })\`, got ${kindOf(answer)}`,
  );
}
