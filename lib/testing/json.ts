import { isComposite } from './is-equal.js';

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares JSON; a member that is `undefined` counts as absent. Not recursive, because a frame may be nested deeper than the stack. */
export function sameJson(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (!isComposite(a) || !isComposite(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    const [keys, others] = [a, b].map((value) =>
      Object.keys(value).filter((key) => value[key] !== undefined),
    ) as [string[], string[]];
    if (keys.length !== others.length || !keys.every((key) => Object.hasOwn(b, key))) return false;
    pairs.push(...keys.map((key): [unknown, unknown] => [a[key], b[key]]));
  }
  return true;
}
