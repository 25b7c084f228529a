/** What keeps the process alive, by kind and number. */
export type Resources = Readonly<Record<string, number>>;

const ours = /TCP|TLS|GETADDRINFO|Timeout/i;

/** Sockets, servers and timers open now. */
export function activeResources(): Resources {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo())
    if (ours.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
