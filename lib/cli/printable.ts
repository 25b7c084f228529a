/**
 * Text of a server's, made harmless for a terminal: control and format characters are written as JSON escapes.
 *
 * @param text - anything; JSON stays the same JSON
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
