import { kindOf, type Check } from './check.js';

/**
 * A check of what a function of the user's has returned.
 *
 * @param expectation - completes "expected `option` to return …"
 * @param test - whether a value is right
 */
export function mustReturn(expectation: string, test: (value: unknown) => boolean): Check {
  return (option, value) => {
    if (test(value)) return;
    const got = kindOf(value);
    throw new TypeError(`expected \`${option}\` to return ${expectation}, got ${got}`);
  };
}
