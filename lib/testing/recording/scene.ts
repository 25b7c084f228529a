import type { AttemptEnd } from './recorded-attempt.js';
import type { ServerFrame } from './server-frame.js';

/** How the server ends its part. */
type End = Exclude<AttemptEnd, { readonly kind: 'open' }>;

/** What the server does, `at` ms from what it follows on. */
export type Cue = { readonly at: number } & (
  { readonly frame: ServerFrame } | { readonly end: End }
);

/** An operation, and what came of it. */
export interface SceneOperation {
  /** What was asked for; not known if that was before the recording began. */
  readonly request: unknown;
  /** From its request on. */
  readonly cues: readonly Cue[];
}

/** The server's part in one attempt. Each piece of it follows on something that the client does: a client may take its time. */
export interface Scene {
  readonly subprotocol: string;
  /** The subprotocol that was spoken, whatever was selected. */
  readonly dialect: string;
  /** From the opening on. */
  readonly opening: readonly Cue[];
  /** From `connection_init` on. */
  readonly greeting: readonly Cue[];
  /** In the order of their requests. */
  readonly operations: readonly SceneOperation[];
}
