/** A date, or a document that is a String object, is compared by what it stands for. */
const primitive = (value: unknown): unknown =>
  value instanceof Date || value instanceof String ? value.valueOf() : value;

function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(primitive(one), primitive(other))) return true;
  const [prototype, another] = [one, other].map((value): unknown =>
    Object.getPrototypeOf(Object(value)),
  );
  const isPlain = [Object.prototype, Array.prototype, null].includes(prototype as never);
  if (prototype !== another || !isPlain) return false;
  const names = Object.keys(one as object);
  return (
    names.length === Object.keys(other as object).length &&
    names.every(
      (name) =>
        Object.hasOwn(other as object, name) &&
        isEqual((one as never)[name], (other as never)[name]),
    )
  );
}

/** Whether two requests mean the same: plain objects and arrays by their members, all else by identity. */
export function isSame(one: unknown, other: unknown): boolean {
  try {
    return isEqual(one, other);
  } catch {
    // a cycle, or a getter that throws: the stream reports it when it serialises the request
    return false;
  }
}
