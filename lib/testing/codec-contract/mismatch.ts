/** The error of a promise that is broken. Named as the runners' own are, so that they report a failure and print a difference. */
export function mismatch(where: string, expected: string, actual: string, cause?: unknown): Error {
  const message = `${where}\n  expected  ${expected}\n  actual    ${actual}`;
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  return Object.assign(error, { name: 'AssertionError', expected, actual });
}
