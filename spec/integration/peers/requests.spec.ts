import { expect } from 'chai';
import { buildSchema, concatAST, Kind, parse, print, visit, type DocumentNode } from 'graphql';
import { describe, it } from 'mocha';
import { lastValueFrom } from 'rxjs';
import { failureOf } from '../../helpers/failure-of.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const schema = buildSchema('type Query { hello(name: String): String } type Mutation { add: Int }');
const rootValue = { hello: ({ name = 'world' }) => name, add: () => 1 };
const persisted: Readonly<Record<string, string>> = {
  abc: 'query Hello($name: String) { hello(name: $name) }',
};
const document = parse('query Hello { hello ...More }');
const fragment = parse('fragment More on Query { more: hello }');
const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

describe('a request to a stock server of graphql-ws', () => {
  const start = useStockServer();
  const connect = useSocket();
  /** A server that knows documents by the fields that its hook reads. */
  const startPersisted = () =>
    start({
      onSubscribe(_context, _id, payload) {
        const { documentId, doc_id, hash } = payload as unknown as Record<string, string>;
        const known = persisted[documentId ?? doc_id ?? hash ?? ''];
        const text = payload.query === '' && known !== undefined ? known : payload.query;
        const { operationName, variables } = payload;
        const args = { schema, rootValue, document: parse(text), variableValues: variables };
        return { ...args, operationName };
      },
    });

  for (const named of [{ documentId: 'abc' }, { doc_id: 'abc' }])
    it(`has a document by its ${Object.keys(named).join()}`, async () => {
      const server = await startPersisted();
      const request = { query: '', ...named, variables: { name: 'you' } } as const;
      const data = await lastValueFrom(connect({ url: server.url }).query$(request));
      expect(data).to.deep.equal({ hello: 'you' });
      expect(server.received.at(-1)?.payload).to.deep.equal(request);
    });

  it('has further fields, which the server reads', async () => {
    const server = await startPersisted();
    const request = { query: '', extensions: {}, hash: 'abc' };
    const data = await lastValueFrom(connect({ url: server.url }).query$(request));
    expect(data).to.deep.equal({ hello: 'world' });
  });

  it('without a text is refused by that server, and says so', async () => {
    const { url } = await startPersisted();
    const query$ = connect({ url }).query$({ documentId: 'abc' });
    expect(await failureOf(query$, 'ConnectionClosedError')).to.include({ code: 4400 });
  });

  const withTypename = visit(parse('{ hello }'), {
    SelectionSet: (node) => ({ ...node, selections: [...node.selections, typename] }),
  });
  for (const [what, given, data] of [
    ['a fragment of another file', concatTo(document, fragment), { hello: 'world', more: 'world' }],
    ['an added `__typename`', withTypename, { hello: 'world', __typename: 'Query' }],
  ] as const)
    it(`with ${what} is sent whole by print, and refused without`, async () => {
      const { url } = await startPersisted();
      const refused = connect({ url }).query$(given);
      expect(await failureOf(refused, 'ConfigurationError')).to.include({ option: 'query' });
      expect(await lastValueFrom(connect({ url, print }).query$(given))).to.deep.equal(data);
    });

  it('that is a mutation is not sent by query$, and the next one is', async () => {
    const server = await startPersisted();
    const socket = connect({ url: server.url });
    const { message } = await failureOf(socket.query$('mutation { add }'), 'ConfigurationError');
    expect(message).to.equal('a mutation is no query: use `mutate$`');
    const several = 'query A { hello } mutation B { add }';
    await failureOf(socket.query$({ query: several, operationName: 'B' }), 'ConfigurationError');
    const data = await lastValueFrom(socket.query$({ query: several, operationName: 'A' }));
    expect(data).to.deep.equal({ hello: 'world' });
    const sent = server.received.filter(({ type }) => type === 'subscribe');
    expect(sent).to.have.length(1);
  });
});

function concatTo(one: DocumentNode, other: DocumentNode): DocumentNode {
  return { ...one, definitions: concatAST([one, other]).definitions };
}
