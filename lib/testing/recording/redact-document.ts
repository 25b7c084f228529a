/** The name of an argument or a variable, what leads to its value or its default, and there it is: no name. */
const head = /\b(\w+)\s*:\s*(?:[\w![\]]+\s*=\s*)?(?=["[{\d-])/g;

/** A piece of a value: text, a bracket, or whatever is between. Each character is looked at once, or documents could be made to take for ever. */
const piece = /"""[^]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|[[{]|[\]}]|[^"[\]{}\s,):]+|[\s,):]+/y;

/**
 * A document with some of the values that are written into it replaced.
 *
 * @param document - GraphQL, as far as it may be
 * @param isSecret - whether the value under a name has to go
 * @param replacement - for the values
 */
export function redactDocument(
  document: string,
  isSecret: (name: string) => boolean,
  replacement: string,
): string {
  let redacted = '';
  let end = 0;
  for (const { 0: lead, 1: name, index } of document.matchAll(head)) {
    if (index < end || !isSecret(name as string)) continue;
    const start = index + lead.length;
    redacted += document.slice(end, start) + replacement;
    end = endOfValue(document, start);
  }
  return redacted + document.slice(end);
}

function endOfValue(document: string, start: number): number {
  let depth = 0;
  piece.lastIndex = start;
  let end = start;
  for (let found = piece.exec(document); found; found = piece.exec(document)) {
    end = piece.lastIndex;
    if (/^[[{]/.test(found[0])) depth += 1;
    if (/^[\]}]/.test(found[0])) depth -= 1;
    if (depth <= 0) break;
  }
  return end;
}
