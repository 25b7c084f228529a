import { type Token, tokensOf } from './tokens-of.js';

/** What the program has to know of a document. */
export interface ReadDocument {
  readonly operations: readonly { readonly type: string; readonly name: string | undefined }[];
  /** The index of the first character that the grammar does not allow; `undefined` if there is none. */
  readonly wrongAt: number | undefined;
}

/**
 * Reads an executable document by the grammar of the GraphQL specification, section 2. Servers that close over a syntax error do not tell
 * its place, so the program looks for it. It decides nothing: the server has refused the document before.
 */
export function readDocument(text: string): ReadDocument {
  const operations: ReadDocument['operations'][number][] = [];
  const reader = createReader(tokensOf(text));
  try {
    do definition(reader, operations);
    while (reader.token.kind !== 'end');
    return { operations, wrongAt: undefined };
  } catch (token) {
    return { operations, wrongAt: (token as Token).index };
  }
}

/** Reads tokens one after the other. Where the grammar wants another one, it throws the token. */
interface Reader {
  readonly token: Token;
  /** Whether the token has this text. If it has, the reader goes on. */
  skip(text: string): boolean;
  expect(text: string): void;
  take(...kinds: readonly Token['kind'][]): string;
  refuse(): never;
  /** One or more of something, in brackets. */
  many(open: string, close: string, each: (reader: Reader) => void): void;
}

function createReader(tokens: readonly Token[]): Reader {
  let position = 0;
  const reader: Reader = {
    get token() {
      return tokens[position] as Token;
    },
    skip(text) {
      const { kind, text: found } = reader.token;
      const isThere = (kind === 'mark' || kind === 'name') && found === text;
      if (isThere) position += 1;
      return isThere;
    },
    expect(text) {
      if (!reader.skip(text)) reader.refuse();
    },
    take(...kinds) {
      const { token } = reader;
      if (!kinds.includes(token.kind)) reader.refuse();
      position += 1;
      return token.text;
    },
    refuse() {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is caught in this file
      throw reader.token;
    },
    many(open, close, each) {
      if (!reader.skip(open)) return;
      do each(reader);
      while (!reader.skip(close));
    },
  };
  return reader;
}

function definition(reader: Reader, operations: { type: string; name: string | undefined }[]) {
  const { token } = reader;
  if (token.text === '{') {
    operations.push({ type: 'query', name: undefined });
    selectionSet(reader);
    return;
  }
  if (!['query', 'mutation', 'subscription', 'fragment'].includes(token.text)) reader.refuse();
  const type = reader.take('name');
  if (type === 'fragment') {
    if (reader.token.text === 'on') reader.refuse();
    reader.take('name');
    reader.expect('on');
    reader.take('name');
  } else {
    const name = reader.token.kind === 'name' ? reader.take('name') : undefined;
    operations.push({ type, name });
    reader.many('(', ')', variable);
  }
  directives(reader);
  selectionSet(reader);
}

function variable(reader: Reader) {
  reader.expect('$');
  reader.take('name');
  reader.expect(':');
  typeName(reader);
  if (reader.skip('=')) constant(reader);
  directives(reader, constantField);
}

function typeName(reader: Reader) {
  if (reader.skip('[')) {
    typeName(reader);
    reader.expect(']');
  } else reader.take('name');
  reader.skip('!');
}

function directives(reader: Reader, argument = field) {
  while (reader.skip('@')) {
    reader.take('name');
    reader.many('(', ')', argument);
  }
}

function selectionSet(reader: Reader) {
  if (reader.token.text !== '{') reader.refuse();
  reader.many('{', '}', selection);
}

function selection(reader: Reader) {
  if (reader.skip('...')) {
    fragment(reader);
    return;
  }
  reader.take('name');
  if (reader.skip(':')) reader.take('name');
  reader.many('(', ')', field);
  directives(reader);
  reader.many('{', '}', selection);
}

function fragment(reader: Reader) {
  const isInline = reader.skip('on');
  const isNamed = isInline || reader.token.kind === 'name';
  if (isNamed) reader.take('name');
  directives(reader);
  if (isInline || !isNamed) selectionSet(reader);
}

/** An argument, or a field of an object. */
function field(reader: Reader) {
  reader.take('name');
  reader.expect(':');
  value(reader);
}

function value(reader: Reader) {
  if (reader.skip('$')) reader.take('name');
  else if (!list(reader, value, field)) reader.take('name', 'number', 'text');
}

function constantField(reader: Reader) {
  reader.take('name');
  reader.expect(':');
  constant(reader);
}

/** A value without variables. */
function constant(reader: Reader) {
  if (!list(reader, constant, constantField)) reader.take('name', 'number', 'text');
}

/** A list or an object. Returns whether there is one. */
function list(reader: Reader, item: (reader: Reader) => void, member: typeof item): boolean {
  if (reader.skip('[')) while (!reader.skip(']')) item(reader);
  else if (reader.skip('{')) while (!reader.skip('}')) member(reader);
  else return false;
  return true;
}
