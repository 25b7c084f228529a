import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile, compilers } from './consumer.js';

const home = '.cache/declarations';

describe('the built declarations', function () {
  this.timeout(120_000);
  const settings = compilers.flatMap((compiler) =>
    [true, false].map((exactOptionalPropertyTypes) => ({ compiler, exactOptionalPropertyTypes })),
  );
  let diagnostics: Promise<string>[];

  before(() => {
    mkdirSync(home, { recursive: true });
    // All that the declarations of rxjs and graphql want of a platform.
    writeFileSync(`${home}/platform.d.ts`, 'declare function setTimeout(): unknown;\n');
    diagnostics = settings.map(({ compiler, exactOptionalPropertyTypes }) => {
      const project = `${home}/${compiler}.${exactOptionalPropertyTypes}.json`;
      writeFileSync(
        project,
        JSON.stringify({
          compilerOptions: {
            strict: true,
            noEmit: true,
            exactOptionalPropertyTypes,
            module: 'NodeNext',
            target: 'ES2022',
            lib: ['ES2022'],
            types: [],
            paths: {
              'rx-graphql-ws': ['../../dist/index.d.ts'],
              'rx-graphql-ws/recovery': ['../../dist/recovery/index.d.ts'],
            },
          },
          include: ['../../spec/types', 'platform.d.ts'],
        }),
      );
      return compile(compiler, project);
    });
  });

  settings.forEach(({ compiler, exactOptionalPropertyTypes }, index) => {
    it(`pass the type tests under ${compiler}, exactOptionalPropertyTypes ${exactOptionalPropertyTypes ? 'on' : 'off'}`, async () => {
      expect(await diagnostics[index]).to.equal('');
    });
  });

  it('are compared with all of the contract', () => {
    const names = (file: string, declaration: RegExp) =>
      [...readFileSync(`spec/types/${file}`, 'utf8').matchAll(declaration)].map(([, name]) => name);
    // functions and constants are compared all at once, by their keys
    const declared = names('contract.ts', /^export (?:declare )?(?:interface|type|class) (\w+)/gm);
    expect(names('contract-agreement.ts', /^ {2}(\w+): Same</gm)).to.include.members(declared);
    expect(declared).to.include('GraphQLSocket');
  });
});
