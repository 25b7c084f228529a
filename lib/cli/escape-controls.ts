const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const each = new RegExp(controls.source, 'gu');

/** Writes control and format characters as JSON escapes, because a server could use them to control the terminal. JSON keeps its meaning. */
export function escapeControls(text: string): string {
  return controls.test(text) ? text.replace(each, escaped) : text;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
