import type { Toxic } from './toxic.js';

/** RST for each connection, so many ms after the toxic met it. */
export function reset(ms = 0): Toxic {
  return (grip) => {
    void grip.wait(ms).then(() => {
      if (!grip.released) grip.reset();
    });
    return {};
  };
}
