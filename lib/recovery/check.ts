import { ConfigurationError } from 'rx-graphql-ws';

/** Whether each option is right. */
export type Checks<T> = Readonly<Record<keyof T, (value: unknown) => unknown>>;

export const isFunction = (value: unknown) => typeof value === 'function';
export const isCount = (value: unknown) => typeof value === 'number' && value >= 1;

/** @throws ConfigurationError - an option that is unknown or wrong. */
export function checkOptions<T>(options: unknown, checks: Checks<T>): void {
  if (typeof options !== 'object' || !options) throw unexpected('options', 'an object', options);
  for (const [name, value] of Object.entries(options)) {
    const isRight = checks[name as keyof T];
    if (!Object.hasOwn(checks, name)) {
      const known = Object.keys(checks).join(', ');
      throw new ConfigurationError(name, `unknown option \`${name}\`: known are ${known}`);
    }
    if (value !== undefined && !isRight(value))
      throw unexpected(name, isRight === isCount ? 'a number ≥ 1' : 'a function', value);
  }
}

export function unexpected(option: string, expectation: string, got: unknown): ConfigurationError {
  // an object may have no text
  const shown = Object(got) === got ? typeof got : String(got);
  const message = `expected \`${option}\` to be ${expectation}, got ${shown}`;
  return new ConfigurationError(option, message);
}

/** The error for a function of the user's that threw. */
export function failed(option: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(option, `the function \`${option}\` failed`, { cause });
}
