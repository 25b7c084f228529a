/** Options of a client that is to notice quickly and to be back soon. */
export const quick = {
  options: { connectTimeout: 2_000, ackTimeout: 2_000, pingInterval: 1_000, pongTimeout: 1_000 },
  backoffMax: 2_000,
} as const;
