import type { Client } from './clients/client.js';

/** One subscriber, and what it heard. */
export interface Heard {
  readonly name: string;
  /** Numbers of the rows, in the order in which they came. */
  readonly rows: readonly number[];
  /** Data that were no rows. */
  readonly others: readonly unknown[];
  /** `'completed'`, or an error: one at most, or the client is broken. */
  readonly ends: readonly unknown[];
  subscribe(): void;
  unsubscribe(): void;
  /** Is called with the next datum, once. What it throws is thrown by `next`. */
  atNext(act: () => void): void;
}

/** A subscriber to the feed that has not subscribed yet. */
export function hear(client: Client, name: string): Heard {
  const rows: number[] = [];
  const others: unknown[] = [];
  const ends: unknown[] = [];
  let acts: (() => void)[] = [];
  let leave = () => {};
  return {
    name,
    rows,
    others,
    ends,
    subscribe: () => {
      leave = client.subscribe(`subscription ${name} { rows { number } }`, {
        next: (data) => {
          const numbers = numbersOf(data);
          if (numbers) rows.push(...numbers);
          else others.push(data);
          const due = acts;
          acts = [];
          for (const act of due) act();
        },
        error: (error) => ends.push(error),
        complete: () => ends.push('completed'),
      });
    },
    unsubscribe: () => leave(),
    atNext: (act) => acts.push(act),
  };
}

function numbersOf(data: unknown): readonly number[] | undefined {
  const { rows } = Object(data) as { readonly rows?: readonly { readonly number: number }[] };
  return rows?.map(({ number }) => number);
}
