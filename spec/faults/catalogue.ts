/** Numbers of the catalogue that have no row, and where they are looked at. */
export const elsewhere: Readonly<Record<string, string>> = {
  A3: 'nothing on the loopback drops a SYN: spec/chaos/resumes.ts, with a connectTimeout of 2 s in a black hole',
  A23: 'not looked at: the choice of an address is of Node (autoSelectFamily), within connectTimeout, which A4 and A5 show',
  C14: 'Blob and ArrayBuffer are of browsers: spec/transport/web-socket.leave.spec.ts, spec/transport/web-socket.spec.ts, spec/browser/frames.browser.ts',
  C27: 'a subscription that falls silent alone has no deadline yet (`idleTimeout`)',
  F8: 'spec/load/scenarios/slow-consumer.ts',
  F11: 'spec/load/scenarios/operations.ts, with 10 000 of them',
  F15: 'there is no AbortSignal in the API: unsubscribing is it',
  F16: 'Angular: there is no entry for it yet',
  F20: 'two copies of rxjs need no process: spec/transport/resolve-options.spec.ts',
  G2: 'there is no renewal yet',
};

/** How many faults each section has. */
const sections = {
  /** A dial fails: network, TLS, redirects, proxies, subprotocols, the functions that give `url` and credentials. */
  A: 29,
  /** A handshake goes wrong, from the opened socket to the ack. */
  B: 14,
  /** Messages: of no or the wrong shape, for no operation, too many, or none at all. */
  C: 30,
  /** The connection ends: close codes, and ends without one. */
  D: 15,
  /** What the client's own side does: consumers, operations, `close()`. */
  F: 20,
  /** Credentials expire, or are not to be had. */
  G: 5,
};

/** The numbers that the rows of the table begin with: a section and a count. Section E, mobile and browser life, is of `spec/browser`. */
export const catalogue: readonly string[] = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, n) => `${section}${n + 1}`),
);
