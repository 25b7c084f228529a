import type { SentRequest } from 'rx-graphql-ws';

export interface OperationHead {
  /** `undefined` where the document does not tell, for example for a persisted query. */
  readonly type: OperationType | undefined;
  /** The `operationName` of the request, else the name in the document. */
  readonly name: string | undefined;
}

type OperationType = 'query' | 'mutation' | 'subscription';

const lexemes = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|@\s*\w+|[{}()]|\w+/g;

/** Reads the head of the operation that a request names, or of the first in its document. */
export function operationHead({ query, operationName }: SentRequest): OperationHead {
  const meant = headsOf(query).find(({ name }) => (operationName ?? name) === name);
  return { type: meant?.type, name: operationName ?? meant?.name };
}

export function hasBalancedBraces(document: string): boolean {
  let depth = 0;
  for (const [lexeme] of document.matchAll(lexemes)) {
    if (lexeme === '{') depth += 1;
    if (lexeme === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function headsOf(text: string): readonly OperationHead[] {
  let depth = 0;
  // the words outside of all brackets, with a brace where a selection begins
  const words: string[] = [];
  for (const [lexeme] of text.matchAll(lexemes)) {
    if (depth === 0 && /^[\w{]/.test(lexeme)) words.push(lexeme);
    depth += Number('{('.includes(lexeme)) - Number('})'.includes(lexeme));
  }
  const beforeSelections = words.join(' ').split('{').slice(0, -1);
  return beforeSelections.flatMap((before) => {
    const [type = 'query', name] = before.match(/\w+/g) ?? [];
    return isOperationType(type) ? { type, name } : [];
  });
}

function isOperationType(word: string): word is OperationType {
  return ['query', 'mutation', 'subscription'].includes(word);
}
