import type { Toxic } from './toxic.js';

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
