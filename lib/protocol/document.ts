import { callUser, expected, isObject } from '../validate.js';

export type OperationType = 'query' | 'mutation' | 'subscription';

/** The words before the braces of each definition in a text: most often its type and its name. */
export type Heads = readonly (readonly string[])[];

/** The text of a document as the user gave it. @throws ConfigurationError - `print` threw, or the text that a DocumentNode holds is not all of it. */
export function documentText(
  document: unknown,
  print: ((document: never) => string) | undefined,
  headsOf: typeof headsIn,
): string | undefined {
  // codegen's TypedDocumentString is a String object
  if (typeof document === 'string' || document instanceof String) return String(document);
  if (!isObject(document)) return undefined;
  return print
    ? callUser('print', () => print(document as never))
    : sourceText(document as ParsedDocument, headsOf);
}

/** As graphql-js parses it. */
interface ParsedDocument {
  readonly loc?: { readonly source?: { readonly body?: unknown } };
  readonly definitions?: unknown;
}

/** The text of which a document was parsed. */
function sourceText(document: ParsedDocument, headsOf: typeof headsIn): string | undefined {
  const { loc, definitions } = document;
  const text = loc?.source?.body;
  if (typeof text !== 'string') return undefined;
  const missing = missingIn(text, [definitions].flat(), headsOf(text));
  if (missing === undefined) return text;
  const expectation = `a document with \`${missing}\` in its text (a changed DocumentNode needs \`print\`)`;
  throw expected('query', expectation, document);
}

/** As graphql-js parses it. */
interface Definition {
  readonly kind?: string;
  readonly operation?: string;
  readonly name?: { readonly value?: string };
  readonly selectionSet?: { readonly selections?: readonly Definition[] };
}

/** A definition or a `__typename` that a loader or a cache has added. Other changes are not looked for. */
function missingIn(
  text: string,
  definitions: readonly unknown[],
  heads: Heads,
): string | undefined {
  const present = heads.map((words) => words.slice(0, 2).join(' '));
  const named = definitions.flatMap((each) => {
    const { kind, operation, name } = Object(each) as Definition;
    const type = kind === 'FragmentDefinition' ? 'fragment' : operation;
    return type && name ? [[type, name.value].join(' ')] : [];
  });
  const isAdded = !text.includes(typename) && definitions.some(selectsTypename);
  return named.find((head) => !present.includes(head)) ?? (isAdded ? typename : undefined);
}

const typename = '__typename';

function selectsTypename(node: unknown): boolean {
  const { selectionSet } = Object(node) as Definition;
  return (selectionSet?.selections ?? []).some(
    (each) => each.name?.value === typename || selectsTypename(each),
  );
}

/** Remembers the last result, because to read a document costs more than to send it. */
export function rememberHeads(): typeof headsIn {
  let last: readonly [text: string, Heads] | undefined;
  return (text) => {
    if (last?.[0] !== text) last = [text, headsIn(text)];
    return last[1];
  };
}

export function headsIn(text: string): Heads {
  // leaves the heads of the definitions, each ended by a semicolon
  let heads = text.replace(/"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*/g, ' ');
  for (let before = ''; before !== heads;) {
    before = heads;
    heads = heads.replace(/\{[^{}]*\}/g, ';').replace(/\([^()]*\)/g, ' ');
  }
  return heads
    .split(';')
    .slice(0, -1)
    .map((head) => head.match(/@\s*\w+|\w+/g) ?? []);
}

/** The type of the named or the first operation; undefined if the text does not tell it, as that of a persisted query. */
export function operationType(heads: Heads, name?: string | null): OperationType | undefined {
  for (const [type = 'query', own] of heads) {
    const known = type === 'query' || type === 'mutation' || type === 'subscription';
    if (known && (name == null || own === name)) return type;
  }
  return undefined;
}
