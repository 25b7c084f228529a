import type { Gap } from 'rx-graphql-ws/recovery';
import { anything, checkAllOf } from './check.js';
import { isEqual } from './is-equal.js';
import { show } from './show.js';

/** The members of a gap that a test demands. */
export type GapMembers = Partial<Pick<Gap, 'since' | 'until' | 'error'>>;

/** Registered by `rx-graphql-ws/recovery`, which a test without gaps need not load. */
const mark = Symbol.for('rx-graphql-ws.gap');

/** Its methods are not enumerable, so that `deep.equal` of chai sees the members of a gap and nothing else. */
class ExpectedGap {
  // as the printers of Jest and Vitest know a matcher
  get $$typeof() {
    return Symbol.for('jest.asymmetricMatcher');
  }

  asymmetricMatch(actual: unknown): boolean {
    const given = Object(actual) as Record<PropertyKey, unknown>;
    return Reflect.ownKeys(this).every((key) => isEqual(given[key], this[key as keyof this]));
  }

  toAsymmetricMatcher(): string {
    const members = Object.entries(this);
    return `gap(${members.length > 0 ? show(Object.fromEntries(members)) : ''})`;
  }
}

/**
 * Makes a `Gap` for expectations. It equals each gap of `recover` that has the given members: for `marbleEqual`, and for `toEqual` of Jest and
 * Vitest. `deep.equal` of chai compares all members, so it needs `since` and `until`. An error in it may be a plain object, of which the
 * error must have the members. It is a gap for `isGap`, too.
 * @param members - `since` and `until` in ms since the epoch, which in virtual time is the frame; default: any gap
 * @throws TypeError - a member that a gap has not
 * @example
 * ```ts
 * const row$ = recover(socket, 'subscription { row }');
 * expectObservable(row$).toBe('-a---(gb)', { a: { row: 1 }, g: gap({ since: 1 }), b: { row: 2 } });
 * ```
 */
export function gap(members: GapMembers = {}): Gap {
  checkAllOf('gap', members, { since: anything, until: anything, error: anything }, 'member');
  return Object.assign(new ExpectedGap(), { [mark]: true }, members) as unknown as Gap;
}

/** A value for messages: a gap as the call of `gap()` that makes it. */
export function showWithGap(value: unknown): string {
  const isGap = (Object(value) as Record<PropertyKey, unknown>)[mark] === true;
  return show(isGap ? gap(value as Gap) : value);
}
