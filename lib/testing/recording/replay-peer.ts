import type { Observable } from 'rxjs';

/** What a client says. */
export interface ReplayMessage {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly payload?: unknown;
}

/** A client that is played to. */
export interface ReplayPeer {
  readonly messages$: Observable<ReplayMessage>;
  /** Whether it has left. */
  readonly left: boolean;
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** The connection is half-open from now on. */
  stall(): void;
}
