const kinds = {
  'a number above 0': (number: number) => Number.isFinite(number) && number > 0,
  'a whole number above 0': (number: number) => Number.isSafeInteger(number) && number > 0,
  'a whole number': Number.isSafeInteger,
} as const;

/**
 * A number of the command line or the environment. A mistyped one must not lead to a run of nothing.
 *
 * @throws Error - it is no such number
 */
export function readNumber(name: string, text: string, kind: keyof typeof kinds): number {
  const number = Number(text);
  if (text.trim() !== '' && kinds[kind](number)) return number;
  throw new Error(`${name} must be ${kind}, not ${JSON.stringify(text)}`);
}

/** A seed: the text that was given, or the variable of the environment, or else another one each time. */
export function readSeed(name: string, text = process.env[name]): number {
  return readNumber(name, text ?? String(Math.floor(Math.random() * 2 ** 31)), 'a whole number');
}

/** @throws Error - the text is none of those known */
export function oneOf<T extends string>(what: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Error(`${what} is one of ${known.join(', ')}, not ${JSON.stringify(text)}`);
}
