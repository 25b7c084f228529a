/** A fault: begins its work on one direction of one connection. */
export type Toxic = (grip: Grip) => Stage;

/** What a toxic can do to the direction of a connection that it is at work on. */
export interface Grip {
  /** From 0 to 1, 1 excluded; seeded. */
  readonly random: () => number;
  /** Resolves after so many ms; at once when the toxic was removed or the connection is over. */
  wait(ms: number): Promise<void>;
  /** Whether the toxic was removed, or the connection is over. */
  readonly released: boolean;
  /** Nothing passes any more, not even an end: neither now nor when the toxic was removed. */
  sever(): void;
  /** FIN to both ends, behind what was passed on. */
  finish(): void;
  /** RST to both ends. */
  reset(): void;
}

/** Passes bytes on; resolves when there is room for more. */
export type Write = (bytes: Buffer) => Promise<void>;

/** What a toxic makes of what it is given: the next piece comes when this one is dealt with, so that the order stays. */
export interface Stage {
  /** `arrivedAt` is when the bytes came to the proxy: `performance.now()`. Without it they pass. */
  readonly pass?: (bytes: Buffer, write: Write, arrivedAt: number) => Promise<void>;
  /** The FIN behind the last byte is passed on when this resolves. */
  readonly hold?: () => Promise<void>;
}
