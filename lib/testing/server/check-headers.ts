import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isText, must, type Check } from './check.js';
import { isObject } from './wire-message.js';

const texts = must(
  'an object of strings',
  (value) => isObject(value) && Object.values(value).every(isText),
  true,
);

/** Checks headers: what HTTP forbids would not end with the header. */
export const checkHeaders: Check = (option, headers) => {
  texts(option, headers);
  for (const [name, value] of Object.entries(headers as Readonly<Record<string, string>>))
    must(
      'a header of HTTP: its name a token, its value a line of Latin-1 characters',
      () => isHeader(name, value),
      true,
    )(`${option}.${name}`, value);
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
