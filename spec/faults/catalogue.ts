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
