const kinds = {
  'a number above 0': (number: number) => Number.isFinite(number) && number > 0,
  'a whole number above 0': (number: number) => Number.isSafeInteger(number) && number > 0,
  'a whole number': Number.isSafeInteger,
} as const;

/**
 * A number of the command line or the environment. Whoever mistypes one must not be shown a run of nothing.
 *
 * @throws Error - it is no such number
 */
export function readNumber(name: string, text: string, kind: keyof typeof kinds): number {
  const number = Number(text);
  if (text.trim() !== '' && kinds[kind](number)) return number;
  throw new Error(`${name} must be ${kind}, not ${JSON.stringify(text)}`);
}
