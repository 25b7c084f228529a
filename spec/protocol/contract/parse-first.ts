/** A token of JSON: a string, a bracket, a comma, a colon, or a word. */
const token = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/gsu;

/**
 * As `JSON.parse`, but that of fields of the outermost object with the same name the first counts. Written to be compared with,
 * for small frames: by its tokens, where the codec looks for the ends of things.
 *
 * @throws SyntaxError - no JSON
 */
export function parseFirst(frame: string): unknown {
  const whole: unknown = JSON.parse(frame);
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return whole;
  const first = new Map<string, unknown>();
  for (const field of outerFields(frame.match(token) ?? [])) {
    const one = JSON.parse(`{${field}}`) as object;
    for (const [name, value] of Object.entries(one))
      if (!first.has(name)) first.set(name, value as unknown);
  }
  return Object.fromEntries(first);
}

/** `"name":value` for each field of an object. */
function outerFields(tokens: readonly string[]): readonly string[] {
  const inner = tokens.slice(1, -1);
  const fields: string[][] = inner.length > 0 ? [[]] : [];
  let open = 0;
  for (const each of inner) {
    open += ['{', '['].includes(each) ? 1 : 0;
    open -= ['}', ']'].includes(each) ? 1 : 0;
    if (each === ',' && open === 0) fields.push([]);
    else fields.at(-1)?.push(each);
  }
  return fields.map((field) => field.join(''));
}
