/** What a page tells of itself. Instants are ms since the epoch: page and server share a clock. */
export interface Report {
  /** The rows, by number, in the order of their arrival. */
  readonly numbers: readonly number[];
  /** For each row, when it came. */
  readonly received: readonly number[];
  /** For each row, ms from its making to its arrival. */
  readonly delays: readonly number[];
  /** `complete`, or the error. */
  readonly ended: string | undefined;
  readonly states: readonly PageState[];
  readonly events: readonly PageEvent[];
  /** The WebSockets that were constructed, in order. */
  readonly sockets: readonly PageSocket[];
  /** `offline`, `online`, `hidden`, `visible`, `freeze`, `resume`, `pagehide`, `pageshow`, the last two with ` persisted`. */
  readonly life: readonly Happening[];
  /** ms between the ticks of a timer that wants to tick every 100 ms. */
  readonly ticks: readonly number[];
}

export interface Happening {
  readonly type: string;
  readonly at: number;
}

/** Of `status$`. */
export interface PageState {
  readonly state: string;
  readonly at: number;
  /** Its name. */
  readonly error?: string | undefined;
}

/** Of `events$`. */
export interface PageEvent extends Happening {
  readonly connection: number;
  readonly direction?: string | undefined;
  readonly code?: number | undefined;
}

export interface PageSocket {
  readonly at: number;
  /** States of those before it, at that moment. */
  readonly older: readonly number[];
  /** Its state now. */
  readonly readyState: number;
  readonly events: readonly SocketHappening[];
}

interface SocketHappening extends Happening {
  readonly code?: number | undefined;
}
