import type { RunHelpers } from 'rxjs/testing';
import { checkNames } from './check-names.js';
import { alphabet, knownMarbles } from './marble-alphabet.js';
import type { MarbleValues } from './marble-value.js';
import { show } from './show.js';

const results = ['data', 'errors', 'extensions'];
const acts = ['error', 'complete', 'open', 'close', 'frame'];

/**
 * Checks what `marbleSocket` was given.
 *
 * @throws TypeError - something else than it takes
 * @throws Error - a letter that is taken, or a value that says nothing, or two things
 */
export function checkMarbleArguments(
  helpers: Pick<RunHelpers, 'cold'>,
  scripts: unknown,
  values: MarbleValues,
  options: { readonly limit?: number | undefined },
): void {
  const expected = (what: string, came: unknown) =>
    new TypeError(`marbleSocket: expected ${what}, got ${show(came)}`);
  if (typeof (helpers as Partial<RunHelpers> | undefined)?.cold !== 'function')
    throw expected('the helpers of TestScheduler.run', helpers);
  const listed = Array.isArray(scripts) && scripts.every((script) => typeof script === 'string');
  if (!listed && typeof scripts !== 'function')
    throw expected('a list of scripts, one for each dial, or a function', scripts);
  checkNames('marbleSocket', options, ['limit', 'ws', 'answerPings']);
  const { limit = 0 } = options;
  if (!(limit >= 0)) throw expected('`limit` to be a number of milliseconds', limit);
  for (const [letter, value] of Object.entries(values)) checkValue(letter, value);
}

function checkValue(letter: string, value: unknown): void {
  const complain = (what: string) => new Error(`values: "${letter}" ${what}`);
  if (letter.length !== 1) throw complain('is no single character');
  if (alphabet.has(letter)) throw complain(`has a meaning already: ${knownMarbles}`);
  if (typeof value !== 'object' || value === null)
    throw complain(`must be an object, ${show(value)} is none`);
  const names = Object.keys(value).filter((name) => name !== 'operation');
  const kinds = names.filter((name) => acts.includes(name));
  const isResult = names.some((name) => results.includes(name));
  const strangers = names.filter((name) => ![...results, ...acts].includes(name));
  if (kinds.length + (isResult ? 1 : 0) !== 1 || strangers.length > 0) {
    const which = `${results.join(', ')}, or one of ${acts.join(', ')}`;
    throw complain(`must have ${which}; it has ${names.join(', ') || 'nothing'}`);
  }
  if ('close' in value && !isClose(value.close))
    throw complain(`must have a close code, or { code, reason }; it has ${show(value.close)}`);
}

function isClose(close: unknown): boolean {
  const code = typeof close === 'object' && close !== null && 'code' in close ? close.code : close;
  return Number.isInteger(code) && Number(code) >= 1000 && Number(code) <= 4999;
}
