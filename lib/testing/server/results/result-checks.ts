import { isFunction, isText, must, optional, wholeNumber, type Check } from '../check.js';
import type { ArgumentChecks } from '../faults/check-first.js';
import type { OperationMatch, ResultFaults } from '../result-faults.js';

const idNameOrFunction = optional(
  must('an id, a name or a function', (value) => isText(value) || isFunction(value)),
);

const checkMatch = (match: OperationMatch | undefined) => {
  idNameOrFunction('match', match);
};

const counted =
  (parameter: string, check: Check) =>
  (count: number | undefined, match: OperationMatch | undefined) => {
    check(parameter, count);
    checkMatch(match);
  };

/** The checks of the arguments of the results' faults. */
export const resultChecks: ArgumentChecks<ResultFaults> = {
  zombie: checkMatch,
  complete: checkMatch,
  fail: (match) => {
    if (Array.isArray(match))
      throw new TypeError(
        `expected \`match\` to be an id, a name or a function, got array: the errors come second`,
      );
    checkMatch(match);
  },
  late: checkMatch,
  reorder: checkMatch,
  // The most is where the memory of the process ends, or the length of a string.
  duplicate: counted('times', optional(wholeNumber(1, 100_000))),
  omit: counted('count', optional(wholeNumber(1))),
  truncate: counted('limit', wholeNumber(0)),
  oversize: counted('bytes', optional(wholeNumber(0, 2 ** 28))),
};
