import { isObject } from '../is-equal.js';

/** Whether a JSON value has all that another demands: objects may have more members, lists no more elements. */
export function includes(actual: unknown, demanded: unknown): boolean {
  if (!isObject(actual) || !isObject(demanded)) return actual === demanded;
  if (Array.isArray(actual) !== Array.isArray(demanded)) return false;
  if (Array.isArray(actual) && actual.length !== Object.keys(demanded).length) return false;
  return Object.entries(demanded).every(([key, value]) => includes(actual[key], value));
}
