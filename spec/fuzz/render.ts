import type { Edit, FrameSpec } from './frame-spec.js';

/** What is put on the wire: the ids filled in, then damaged. */
export function render(
  { template, edits, form }: FrameSpec,
  ids: readonly string[],
): string | ArrayBuffer | Uint8Array {
  const text = template.replace(/%([0-4])/g, (_, digit: string) => ids[Number(digit)] ?? 'none');
  if (form !== 'text') {
    const bytes = Uint8Array.from(apply([...new TextEncoder().encode(text)], edits, 8));
    return form === 'ArrayBuffer' ? bytes.buffer : bytes;
  }
  if (edits.length === 0) return text;
  const units = text.split('').map((unit) => unit.charCodeAt(0));
  return apply(units, edits, 16)
    .map((unit) => String.fromCharCode(unit))
    .join('');
}

function apply(given: readonly number[], edits: readonly Edit[], bits: number): number[] {
  return edits.reduce<number[]>((units, edit) => applyOne(units, edit, bits), [...given]);
}

function applyOne(units: number[], { how, at, length, value }: Edit, bits: number): number[] {
  const from = units.length > 0 ? at % units.length : 0;
  const part = units.slice(from, from + length);
  const unit = value % 2 ** bits;
  const [before, after] = [units.slice(0, from), units.slice(from + part.length)];
  switch (how) {
    case 'flip':
      return [...before, (units[from] ?? 0) ^ (1 << (value % bits)), ...units.slice(from + 1)];
    case 'replace':
      return [...before, unit, ...units.slice(from + 1)];
    case 'insert':
      return [...before, unit, ...units.slice(from)];
    case 'drop':
      return [...before, ...after];
    case 'repeat':
      return [...before, ...part, ...part, ...after];
    case 'cut':
      return before;
    case 'swap':
      return [...after, ...part, ...before];
  }
}
