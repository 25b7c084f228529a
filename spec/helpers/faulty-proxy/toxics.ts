import { setImmediate as turn } from 'node:timers/promises';
import type { Toxic } from './toxic.js';

/** ms of the line's time that one piece takes. */
const piece = 20;

/** A line that carries so many bytes a second, and no burst. */
export function bandwidth(bytesPerSecond: number): Toxic {
  const size = Math.max(1, Math.round((bytesPerSecond * piece) / 1_000));
  return ({ wait }) => {
    let free = 0;
    return {
      async pass(bytes, write) {
        for (let at = 0; at < bytes.length; at += size) {
          const part = bytes.subarray(at, at + size);
          const now = performance.now();
          free = Math.max(free, now) + (part.length / bytesPerSecond) * 1_000;
          await wait(free - now);
          await write(part);
        }
      },
    };
  };
}

/**
 * Latency: bytes arrive `latency ± jitter` ms later, and never before those that were sent before them.
 */
export function delay({ latency, jitter = 0 }: { latency: number; jitter?: number }): Toxic {
  return ({ random, wait }) => ({
    async pass(bytes, write, arrivedAt) {
      const due = arrivedAt + latency + (2 * random() - 1) * jitter;
      await wait(Math.max(0, due - performance.now()));
      await write(bytes);
    },
  });
}

/** One byte, and the next one so many ms later. */
export function drip(ms: number): Toxic {
  return (grip) => ({
    async pass(bytes, write) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (grip.released) {
          await write(bytes.subarray(at));
          return;
        }
        await write(bytes.subarray(at, at + 1));
        await grip.wait(ms);
      }
    },
  });
}

/** Pieces of so many bytes, each in a segment of its own. */
export function slice(size = 1): Toxic {
  return () => ({
    async pass(bytes, write) {
      for (let at = 0; at < bytes.length; at += size) {
        await write(bytes.subarray(at, at + size));
        // the receiver gets to read it before the next one comes
        await turn();
      }
    },
  });
}

/** Which bytes are damaged: each with a probability, or the one behind `at` others, counted from where the toxic met the connection. */
export type Damage = ({ readonly probability: number } | { readonly at: number }) & {
  /** One bit of the byte, or the whole byte; it is another one in any case. */
  readonly how?: 'flip' | 'replace';
};

/** Damages bytes, whatever they are of: headers and frames as well as text. */
export function corrupt(damage: Damage): Toxic {
  return ({ random }) => {
    let passed = 0;
    const isHit = (at: number) =>
      'at' in damage ? at === damage.at : random() < damage.probability;
    return {
      async pass(bytes, write) {
        const damaged = bytes.map((byte, index) => {
          if (!isHit(passed + index)) return byte;
          if (damage.how === 'replace') return (byte + 1 + Math.floor(random() * 255)) % 256;
          return byte ^ (1 << Math.floor(random() * 8));
        });
        passed += bytes.length;
        await write(Buffer.from(damaged));
      },
    };
  };
}

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

/** RST for each connection, so many ms after the toxic met it. */
export function reset(ms = 0): Toxic {
  return (grip) => {
    void grip.wait(ms).then(() => {
      if (!grip.released) grip.reset();
    });
    return {};
  };
}

/** The FIN comes so many ms late. */
export function slowClose(ms: number): Toxic {
  return ({ wait }) => ({ hold: () => wait(ms) });
}
