import { isText, must } from '../check.js';
import type { Frame } from '../wire-message.js';
import { aimedGarbage } from './aimed-garbage.js';
import { expectName } from './expect-name.js';
import { strayGarbage } from './stray-garbage.js';
import type { Wording } from './wording.js';

/** A message that is malformed, or valid and odd: one of {@link garbageNames}. */
export type Garbage = keyof typeof strayGarbage | keyof typeof aimedGarbage;

/** Every {@link Garbage}. */
export const garbageNames: readonly Garbage[] = [...keysOf(strayGarbage), ...keysOf(aimedGarbage)];

/**
 * The frames of a garbage.
 *
 * @param garbage - its name
 * @param wording - the protocol of the socket
 * @param id - of the operation aimed at
 * @returns nothing where it is aimed at an operation, and there is none
 */
export function garbageFrames(
  garbage: Garbage,
  wording: Wording,
  id: string | undefined,
): readonly Frame[] {
  if (isAimed(garbage)) return id === undefined ? [] : aimedGarbage[garbage](id, wording);
  return strayGarbage[garbage](wording);
}

const nameOfGarbage = must('one of `garbageNames`', isText);

/** @throws TypeError when there is no garbage of the name */
export function expectGarbage(name: string): void {
  nameOfGarbage('garbage', name);
  expectName('garbage', name, garbageNames);
}

function isAimed(garbage: Garbage): garbage is keyof typeof aimedGarbage {
  return Object.hasOwn(aimedGarbage, garbage);
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(table) as K[];
}
