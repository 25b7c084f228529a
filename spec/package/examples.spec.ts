import { resolve } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import ts from 'typescript';

const entries = [
  'index',
  'angular/index',
  'angular/testing',
  'bitquery/index',
  'graphql-ws/index',
  'recovery/index',
  'testing/index',
  'testing/server',
].map((entry) => resolve(`lib/${entry}.ts`));

/** Instances of these are given to users, who make none. */
const isError = (name: string) => name.endsWith('Error');

describe('what the package exports', function () {
  this.timeout(180_000);

  it('has an example, if it is a function, a class or a constant', () => {
    const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
    const program = ts.createProgram(entries, options);
    const checker = program.getTypeChecker();
    const bare = new Set<string>();
    let seen = 0;
    for (const entry of entries) {
      const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!);
      for (const exported of checker.getExportsOfModule(module!)) {
        const symbol =
          exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        if (!(symbol.flags & ts.SymbolFlags.Value) || isError(symbol.name)) continue;
        seen += 1;
        const tags = symbol.getJsDocTags(checker).map(({ name }) => name);
        if (!tags.includes('example')) bare.add(symbol.name);
      }
    }
    expect(seen).to.be.greaterThan(30);
    expect([...bare]).to.deep.equal([]);
  });
});
