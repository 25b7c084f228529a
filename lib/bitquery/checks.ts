import { ConfigurationError } from 'rx-graphql-ws';

/** "expected `region` to be 'us' or 'asia', got `mars` (string)". Of a value that may be secret the kind alone is told. */
export function expected(
  option: string,
  expectation: string,
  got: unknown,
  secret?: boolean,
): ConfigurationError {
  const kind = got === null ? 'null' : typeof got;
  const isShown = !secret && (kind === 'string' || kind === 'number');
  const shown = isShown ? `\`${String(got)}\` (${kind})` : kind;
  return new ConfigurationError(
    option,
    `expected \`${option}\` to be ${expectation}, got ${shown}`,
  );
}

/** Calls a function of the user's. @throws ConfigurationError - it threw. */
export function callUser<T>(option: string, callback: () => T): T {
  try {
    return callback();
  } catch (cause) {
    throw new ConfigurationError(option, `the function \`${option}\` failed`, { cause });
  }
}
