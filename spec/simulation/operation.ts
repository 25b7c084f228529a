import type { Line } from './line.js';

export type Kind = 'subscription' | 'query' | 'mutation';

/** What a consumer does besides consuming. */
export type Manner =
  | 'plain'
  /** `take(1)`. */
  | 'once'
  /** Throws at each value. */
  | 'throws'
  /** Unsubscribes at its first value. */
  | 'leaves'
  /** Unsubscribes the oldest other at its first value. */
  | 'evicts'
  /** Subscribes to another operation at its first value. */
  | 'subscribes'
  /** Subscribes to another operation when it ends. */
  | 'succeeds'
  /** Closes the socket object at its first value. */
  | 'disposes';

/** What the model knows of one subscriber. */
export interface Operation {
  readonly key: number;
  readonly kind: Kind;
  readonly manner: Manner;
  /** What must reach it before the command is over, in order: `next <json>`, `complete`, `error <name>`. */
  readonly expected: string[];
  /** The connection that it was last sent on, and the id there. */
  route: { readonly line: Line; readonly id: string } | undefined;
  sends: number;
  /** ms since the run began, of the last time. */
  sentAt: number;
  /** The server has answered what was sent last. */
  heardOf: boolean;
  /** The server refused it and nothing else: it must end with its connection. */
  blamed: boolean;
  /** A query or mutation that has its result. */
  answered: boolean;
  /** Has ended, or was unsubscribed. */
  over: boolean;
  /** The server must be told before the command is over. */
  owed: boolean;
  /** Name of a fatal error: it must end with that before the command is over. */
  condemned: string | undefined;
  /** May wait although there is a connection: under suspicion, or to be restarted by and by. */
  patient: boolean;
}

/** Whether it runs on this connection, as far as the server can know. */
export function routedOn(operation: Operation, line: Line): boolean {
  return operation.route?.line === line && !operation.over;
}
