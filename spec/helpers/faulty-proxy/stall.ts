import type { Toxic } from './toxic.js';

/** So many bytes pass, counted from where the toxic met the connection; the rest waits until the toxic is removed. */
export function stall({ at }: { at: number }): Toxic {
  return ({ wait }) => {
    let left = at;
    return {
      async pass(bytes, write) {
        const passing = bytes.subarray(0, left);
        left -= passing.length;
        if (passing.length > 0) await write(passing);
        if (passing.length === bytes.length) return;
        await wait(Infinity);
        await write(bytes.subarray(passing.length));
      },
    };
  };
}
