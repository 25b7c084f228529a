import type { Link } from './link.js';
import type { Toxic } from './toxic.js';

/** One direction of all connections. */
export interface Lane {
  /** Puts a toxic to work on connections open now, and on those to come, behind those added before. Returns how to remove it. */
  add(toxic: Toxic): () => void;
}

/** The lane, for the proxy. */
export interface OpenLane extends Lane {
  /** The toxics that are at work go to work on this one, too. */
  join(link: Link): void;
}

export function createLane(): OpenLane {
  const toxics = new Map<AbortController, Toxic>();
  const links = new Set<Link>();
  return {
    add(toxic) {
      const removal = new AbortController();
      toxics.set(removal, toxic);
      for (const link of links) link.meet(toxic, removal.signal);
      return () => {
        toxics.delete(removal);
        removal.abort();
      };
    },
    join(link) {
      links.add(link);
      link.over.addEventListener('abort', () => links.delete(link));
      for (const [removal, toxic] of toxics) link.meet(toxic, removal.signal);
    },
  };
}
