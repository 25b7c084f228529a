import fc from 'fast-check';
import { corpus } from './corpus.js';
import { structured } from './structured.js';

/** One change to a sequence of characters or bytes; `at` counts modulo its length. */
export interface Edit {
  readonly how: 'flip' | 'replace' | 'insert' | 'drop' | 'repeat' | 'cut' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** A frame before the ids are known. */
export interface FrameSpec {
  readonly template: string;
  /** Changes to its characters, or, in binary, to its bytes. */
  readonly edits: readonly Edit[];
  readonly form: 'text' | 'ArrayBuffer' | 'Uint8Array';
}

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('flip', 'replace', 'insert', 'drop', 'repeat', 'cut', 'swap'),
  at: fc.nat(4_000),
  length: fc.integer({ min: 1, max: 20 }),
  value: fc.oneof(
    // no UTF-8 by themselves
    fc.constantFrom(0x80, 0xc3, 0xff),
    fc.constantFrom(...Array.from('{}[]",:\\ \u0000', (each) => each.charCodeAt(0))),
    fc.nat(0xffff),
  ),
});
const form: fc.Arbitrary<FrameSpec['form']> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<FrameSpec['form']>('text') },
  { weight: 1, arbitrary: fc.constantFrom<FrameSpec['form'][]>('ArrayBuffer', 'Uint8Array') },
);
const spec = (template: fc.Arbitrary<string>, edits: fc.Arbitrary<Edit[]>) =>
  fc.record({ template, edits, form });
/** Code units, those that make no text among them. */
const noise = fc
  .array(fc.nat(0xffff), { maxLength: 30 })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));
const none = fc.constant<Edit[]>([]);

/** Structured frames, right and wrong; recorded ones, damaged and whole; and noise. */
export const frameSpec: fc.Arbitrary<FrameSpec> = fc.oneof(
  { weight: 5, arbitrary: spec(structured, none) },
  { weight: 3, arbitrary: spec(fc.constantFrom(...corpus), none) },
  {
    weight: 5,
    arbitrary: spec(fc.constantFrom(...corpus), fc.array(edit, { minLength: 1, maxLength: 4 })),
  },
  { weight: 1, arbitrary: spec(fc.json(), none) },
  { weight: 1, arbitrary: spec(noise, none) },
);
