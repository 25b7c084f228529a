import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import ts from 'typescript';

/** The interfaces of options, the files that declare them, and the prefix of their names in the document. */
const interfaces = [
  ['OpenSocketOptions', 'transport/open-socket'],
  ['SessionOptions', 'connection/read-messages'],
  ['HandshakeOptions', 'connection/handshake'],
  ['KeepAliveOptions', 'connection/keep-alive/keep-alive'],
  ['ShareConnectionOptions', 'connection/share-connection'],
  ['GraphQLSocketConfig', 'config'],
  ['RetryOptions', 'connection/reconnect/reconnect', 'retry.'],
  ['OperationOptions', 'operation/execute'],
  ['SelectDataOptions', 'operation/results'],
  ['SingleOptions', 'config'],
  ['SubscribeOptions', 'config'],
  ['ShareOptions', 'operation/share', 'share.'],
  ['ReconnectOptions', 'config'],
  ['DedicatedOptions', 'dedicated'],
] as const;

/** `retry` is a table of its own. */
const elsewhere = ['retry'];

interface Option {
  readonly name: string;
  /** As the comment has it; undefined if it has none. */
  readonly fallback: string | undefined;
}

function declared([name, file, prefix = '']: readonly [string, string, string?]): Option[] {
  const path = `lib/${file}.ts`;
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  expect(found, `${name} in ${path}`).not.to.equal(undefined);
  return (found as ts.InterfaceDeclaration).members.map((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'defaultValue');
    return {
      name: prefix + (member.name as ts.Identifier).text,
      fallback: tag && String(ts.getTextOfJSDocComment(tag.comment)),
    };
  });
}

/** The rows of the document's tables: the option, and its default. */
const rows = [
  ...readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `([\w.]+)` +\|(.*)\|$/gm),
].map(([, name = '', rest = '']) => {
  const cells = rest.split('|').map((cell) => cell.trim());
  return { name, fallback: cells.length > 2 ? cells[1]! : cells[0]! };
});

/** The value in code, or the first word. A long value may be cut. */
function gist(text: string): string {
  const [, code = text.split(/[ ,]/)[0]!] = /^`([^`]*)`/.exec(text) ?? [];
  return code.slice(0, 28);
}

describe('docs/configuration.md', () => {
  const options = interfaces.flatMap(declared).filter(({ name }) => !elsewhere.includes(name));

  it('has a row for each option, and for nothing else', () => {
    const names = (list: readonly { readonly name: string }[]) =>
      list.map(({ name }) => name).sort();
    expect(names(rows)).to.deep.equal(names(options));
  });

  for (const { name, fallback } of options)
    it(`has the default of \`${name}\` as its comment tells it`, () => {
      const known = rows.filter((row) => row.name === name).map((row) => gist(row.fallback));
      expect(known).to.include(fallback === undefined ? known[0] : gist(fallback));
      if (fallback === undefined) expect(known[0]).to.be.oneOf(['none', '–', '`none`']);
    });
});
