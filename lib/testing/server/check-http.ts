import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Check, checkAll, isText, must, mustReturn, text } from './check.js';
import { isObject } from './wire-message.js';

const texts = must(
  'an object of strings',
  (value) => isObject(value) && Object.values(value).every(isText),
  true,
);

/** Checks headers. A line break in a value would end the header and begin another one. */
export const checkHeaders: Check = (name, headers) => {
  texts(name, headers);
  for (const [header, value] of Object.entries(headers as Readonly<Record<string, string>>))
    must(
      'a header of HTTP: its name a token, its value a line of Latin-1 characters',
      () => isHeader(header, value),
      true,
    )(`${name}.${header}`, value);
};

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/**
 * A check for an HTTP answer that refuses.
 * @param prefix - precedes the names of its members in messages
 * @param leastStatus - the smallest status allowed
 */
export function refusal(prefix: string, leastStatus: number): Check {
  const status = must(
    `an HTTP status from ${leastStatus} to 999`,
    (value) =>
      Number.isInteger(value) && (value as number) >= leastStatus && (value as number) < 1_000,
  );
  return (name, value) => {
    checkAll(name, value, { status, headers: checkHeaders, body: text }, prefix, 'member');
    status(`${prefix}status`, (value as { readonly status?: unknown }).status);
  };
}

const verdict = mustReturn(
  'nothing, a boolean or `{ status, headers, body }`',
  (value) => value === undefined || typeof value === 'boolean' || isObject(value),
);

/** Checks the result of `authorize`. A client would take 101 for a grant, and waits for more after 100. */
export const checkUpgradeVerdict: Check = (name, value) => {
  verdict(name, value);
  if (isObject(value)) refusal(`${name}().`, 200)(name, value);
};
