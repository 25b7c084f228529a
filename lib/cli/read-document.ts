import type { GraphQLError } from 'graphql';
import { Kind, parse } from 'graphql';

/** The facts about a document that the program needs. */
export interface ReadDocument {
  readonly operations: readonly { readonly type: string; readonly name: string | undefined }[];
  /** The index at which graphql-js finds a syntax error; `undefined` if it finds none. */
  readonly wrongAt: number | undefined;
}

/** Parses a document, because servers that close over a syntax error do not tell its place. It decides nothing: the server has refused it before. */
export function readDocument(text: string): ReadDocument {
  try {
    const { definitions } = parse(text, { noLocation: true });
    const operations = definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? [{ type: definition.operation, name: definition.name?.value }]
        : [],
    );
    return { operations, wrongAt: undefined };
  } catch (error) {
    return { operations: [], wrongAt: (error as Partial<GraphQLError>).positions?.[0] };
  }
}
