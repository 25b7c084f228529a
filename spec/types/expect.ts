/** Whether two types are the same to the compiler: `readonly`, optionality and overloads included. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export declare function expectTrue<T extends true>(): T;
