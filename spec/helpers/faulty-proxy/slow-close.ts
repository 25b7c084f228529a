import type { Toxic } from './toxic.js';

/** The FIN comes so many ms late. */
export function slowClose(ms: number): Toxic {
  return ({ wait }) => ({ hold: () => wait(ms) });
}
