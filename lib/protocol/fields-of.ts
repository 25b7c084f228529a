import { endOfString, endOfValue } from './end-of-value.js';

/** A field of an object, its value as JSON. */
export interface Field {
  readonly name: string;
  readonly text: string;
}

/** The fields of an object in JSON, those that come twice included, of which `JSON.parse` leaves the last alone. */
export function fieldsOf(json: string): readonly Field[] {
  const fields: Field[] = [];
  let name = json.indexOf('"');
  while (name > 0) {
    const nameEnd = endOfString(json, name);
    const value = json.indexOf(':', nameEnd) + 1;
    const end = endOfValue(json, value);
    fields.push({
      name: unquoted(json.slice(name, nameEnd)),
      text: json.slice(value, end).trim(),
    });
    name = json.indexOf('"', end);
  }
  return fields;
}

function unquoted(text: string): string {
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}
