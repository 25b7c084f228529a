import type { SentRequest } from 'rx-graphql-ws';

/** The part of an operation before its selection. */
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

/** Whether each brace of a document has its partner. */
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
  const heads: OperationHead[] = [];
  let depth = 0;
  let words: string[] = [];
  for (const [lexeme] of text.matchAll(lexemes)) {
    if (lexeme === '{' && depth === 0) {
      const [type = 'query', name] = words;
      if (isOperationType(type)) heads.push({ type, name });
      words = [];
    }
    if (lexeme === '{' || lexeme === '(') depth += 1;
    else if (lexeme === '}' || lexeme === ')') depth -= 1;
    else if (depth === 0 && /^\w/.test(lexeme)) words.push(lexeme);
  }
  return heads;
}

function isOperationType(word: string): word is OperationType {
  return ['query', 'mutation', 'subscription'].includes(word);
}
