import { expect } from 'chai';

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

/** Fails where there is more than there was. What others left behind may have gone meanwhile. */
export function expectNoMoreThan(before: Resources): void {
  for (const [kind, count] of Object.entries(activeResources()))
    expect(count, kind).to.be.at.most(before[kind] ?? 0);
}
