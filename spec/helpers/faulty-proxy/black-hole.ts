import type { Toxic } from './toxic.js';

/**
 * Connections are accepted, and their bytes and ends swallowed: what meets it is half-open for good, as there is no telling
 * what was lost; connections made after the toxic was removed are whole.
 */
export function blackHole(): Toxic {
  return ({ sever }) => {
    sever();
    return {};
  };
}
