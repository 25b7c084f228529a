/** What a child process tells of its row, a line of JSON each, at once. */
export type ChildLine =
  /** An exception that nobody caught; the process dies of it. */
  | { readonly type: 'uncaught'; readonly message: string }
  | { readonly type: 'unhandled'; readonly message: string }
  /** The client was told to close, and the server has stopped: nothing may keep the process from ending. */
  | ({ readonly type: 'verdict' } & Verdict)
  /** What keeps the process from ending, long after that. */
  | { readonly type: 'open'; readonly resources: readonly string[] };

/** The judgement over one row. */
export interface Verdict {
  /** How the subscribers were let down; empty is survived. */
  readonly lost: readonly string[];
  /** What else was not as it should be: close reasons, sockets left open, reports. */
  readonly untidy: readonly string[];
  readonly dials: number;
}
