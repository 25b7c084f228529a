// What the programs of the rig say on their standard output, one JSON object a line. Instants are ms since the epoch.

/** Of one of the clients in a process, in the order in which it happened there. */
export type ClientLine = { readonly at: number; readonly client: string } & (
  | { readonly type: 'dial' }
  | { readonly type: 'status'; readonly state: string; readonly error?: string }
  /** What `events$` showed; `number` is the row in a result received, `id` the operation of a message. */
  | {
      readonly type: 'event';
      readonly event: string;
      readonly connection: number;
      readonly message?: string;
      readonly id?: string;
      readonly number?: number;
      readonly code?: number;
    }
  /** What the subscriber got. */
  | { readonly type: 'value'; readonly number: number }
  /** A mark for rows that may be missing. */
  | { readonly type: 'gap' }
  | { readonly type: 'ended'; readonly error?: string }
  /** An uncaught exception, or a rejection that nobody handled. */
  | { readonly type: 'crash'; readonly error: string }
);

/** From the server's ledger. `connection` counts the sockets of this process. */
export type ServerLine = { readonly at: number } & (
  | { readonly type: 'listening' }
  | {
      readonly type: 'started';
      readonly connection: number;
      readonly id: string;
      readonly client: string;
    }
  | { readonly type: 'stopped'; readonly connection: number; readonly id: string }
  | { readonly type: 'ended'; readonly connection: number; readonly id: string }
);

export type ClientEvent = Extract<ClientLine, { readonly type: 'event' }>;
