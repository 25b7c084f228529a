/** Where the JSON value that begins at `from` ends: at the comma or bracket behind it. Of what is no JSON, somewhere. */
export function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at) - 1;
        break;
      case '{':
      case '[':
        depth += 1;
        break;
      case ',':
        if (depth === 0) return at;
        break;
      case '}':
      case ']':
        if (depth === 0) return at;
        depth -= 1;
    }
  }
  return text.length;
}

/** Behind the closing quote of the string that begins at `from`. */
export function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at > 0; at = text.indexOf('"', at + 1)) {
    let escape = at;
    while (text[escape - 1] === '\\') escape -= 1;
    if ((at - escape) % 2 === 0) return at + 1;
  }
  return text.length;
}
