import { expect } from 'chai';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';

/** A secret of letters and digits, which percent-encoding leaves alone. */
export const canary = 'Canary9f3Ab7Secret';

/** How a secret may look where it is shown. */
const forms = [canary, Buffer.from(canary).toString('hex'), ...base64Forms(canary)].map((form) =>
  form.toLowerCase(),
);

/** The forms in which the secret is in a text. */
export function formsIn(text: string): readonly string[] {
  // base64url is base64 with two other characters, and an inspected Buffer is hex with blanks
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').toLowerCase();
  const dense = plain.replaceAll(' ', '');
  return forms.filter((form) => plain.includes(form) || dense.includes(form));
}

/** Of its three places in a group of three bytes, the characters that do not depend on what is around it. */
function base64Forms(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bits = (before + text.length) * 8;
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
}

/** All that printing, logging or serialising a value shows. */
export function textsOf(value: unknown): readonly string[] {
  return [
    inspect(value, {
      depth: Infinity,
      showHidden: true,
      getters: true,
      maxArrayLength: null,
      maxStringLength: null,
    }),
    // throws where it is circular
    JSON.stringify(value) as string | undefined,
    String(value),
    logged(value),
    value instanceof Error ? inspect(structuredClone(value), { showHidden: true }) : undefined,
  ].filter((text) => text !== undefined);
}

export function expectNoSecret(value: unknown): void {
  for (const text of textsOf(value)) expect(formsIn(text), text.slice(0, 2_000)).to.deep.equal([]);
}

// one for all, because a Console takes longer to make than a value to print
let printed = '';
const { log } = new Console({
  stdout: new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed += chunk.toString();
      done();
    },
  }),
});

function logged(value: unknown): string {
  printed = '';
  log(value);
  log('%s %o %O %j', value, value, value, value);
  return printed;
}
