/** A token of a GraphQL document. `$`-variables and names are one kind each. The last token is `end`. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'end' | 'stray';
  readonly text: string;
  readonly index: number;
}

/** Kinds in the order in which they are tried. Ignored characters come first (GraphQL specification, section 2.1). */
const patterns = [
  ['ignored', /(?:[\uFEFF\t ,\r\n]|#[^\r\n]*)+/y],
  ['name', /[A-Za-z_]\w*/y],
  ['number', /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y],
  [
    'text',
    /"""(?:\\"""|(?!\\""")[^])*?"""|"(?!"")(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4}|u\{[\da-fA-F]+\})|[^"\\\r\n])*"/y,
  ],
  ['mark', /\.{3}|[!$&()*:=@[\]{|}?]/y],
] as const;

/** The tokens of a document. A character that begins none is `stray`, and ends the list. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const [kind, found] = match(text, index);
    if (kind !== 'ignored') tokens.push({ kind, text: found, index });
    if (kind === 'stray') return tokens;
    index += found.length;
  }
  return [...tokens, { kind: 'end', text: '', index }];
}

function match(text: string, index: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = index;
    const found = pattern.exec(text)?.[0];
    if (found) return [kind, found] as const;
  }
  return ['stray', text.charAt(index)] as const;
}
