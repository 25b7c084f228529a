import type { Toxic } from './toxic.js';

/** The connection is closed behind so many bytes, counted from where the toxic met it. */
export function limitData(bytes: number): Toxic {
  return ({ finish }) => {
    let left = bytes;
    return {
      async pass(given, write) {
        const passing = given.subarray(0, left);
        left -= passing.length;
        if (passing.length > 0) await write(passing);
        if (left === 0) finish();
      },
    };
  };
}
