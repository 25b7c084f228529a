/**
 * What the quoted names of fields end with. A search goes by its first letter, and few words have an y: it takes a hundredth
 * of the time that a search for quotes takes.
 */
const endings = { type: 'ype"', id: 'id"', payload: 'yload"' } as const;

type FieldName = keyof typeof endings;

/** Whether a field of this name may begin between `from` and `to`, at any depth: never false where one does. */
export function mayHaveField(frame: string, name: FieldName, from: number, to: number): boolean {
  const found = frame.indexOf(endings[name], from);
  return (found > 0 && found < to) || mayEscapeLetters(frame, from);
}

/** Whether one of the fields of a message may come twice: never false where one does. `keys` is how many different ones there are. */
export function mayRepeat(frame: string, keys: number): boolean {
  return hasMoreColons(frame, keys) && (anyTwice(frame) || mayEscapeLetters(frame, 0));
}

/** Each field has a colon. Most messages without a payload have no other. */
function hasMoreColons(frame: string, count: number): boolean {
  let at = 0;
  for (let left = count; left >= 0 && at >= 0; left -= 1) at = frame.indexOf(':', at + 1);
  return at >= 0;
}

function anyTwice(frame: string): boolean {
  return Object.values(endings).some((ending) => {
    const first = frame.indexOf(ending);
    return first >= 0 && frame.includes(ending, first + 1);
  });
}

/** The small letters have the codes 61 to 7a; quotes, angle brackets and what is not ASCII, which many servers escape, have not. */
function mayEscapeLetters(frame: string, from: number): boolean {
  return frame.includes('\\u006', from) || frame.includes('\\u007', from);
}
