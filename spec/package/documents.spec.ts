import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile, consumer } from './consumer.js';

/**
 * Every fenced `ts` block is a module of its own. What it takes for granted stands in a comment before it,
 * where readers do not see it:
 *
 *     <!-- ts
 *     declare const token: string;
 *     -->
 *
 * A block right below `<!-- file: <path> -->` shows a file: it is the same, and compiled where it belongs.
 */
const snippet = /^(?:<!-- ts\n(?<context>[\s\S]*?)^-->\n\s*)?^```ts\n(?<code>[\s\S]*?)^```$/gm;
/** A program that readers paste as it is. */
const program = /^<!-- run -->\n\s*^```js\n([\s\S]*?)^```$/m;
const shown = /^<!-- file: (\S+) -->\n\s*^```\w+\n([\s\S]*?)^```$/gm;
const home = '.cache/snippets';

const documents = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/^api|node_modules|\.angular/.test(file))
    .map((file) => join('docs', file)),
];

/** The document with all blanked that is not code of the match, so that diagnostics name the document's own lines. */
function moduleOf(text: string, match: RegExpMatchArray): string {
  const { context = '', code = '' } = match.groups ?? {};
  const lines = (part: string) => part.split('\n').length - 1;
  const start = lines(text.slice(0, match.index));
  const between = lines(match[0]) - lines(context) - lines(code) - (context ? 1 : 0);
  return [
    '\n'.repeat(start + (context ? 1 : 0)),
    context,
    '\n'.repeat(between),
    code,
    'export {};\n',
  ].join('');
}

function withoutCode(text: string): string {
  return text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** As GitHub makes an anchor of a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function hasHeading(file: string, anchor: string): boolean {
  const text = readFileSync(file, 'utf8').replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => slug(heading) === anchor);
}

describe('the documents', function () {
  this.timeout(120_000);

  describe('have code that compiles against the built package', () => {
    const diagnostics = new Map<string, string[]>();

    before(async () => {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { recursive: true });
      for (const file of documents) {
        const text = readFileSync(file, 'utf8');
        [...text.matchAll(snippet)].forEach((match, index) => {
          if (
            /^<!-- file: .* -->\s*$/m.test(
              text.slice(0, match.index).split('\n').slice(-3).join('\n'),
            )
          )
            return;
          const path = `${home}/${file.replaceAll('/', '__')}.${index}.ts`;
          writeFileSync(path, moduleOf(text, match));
        });
      }
      writeFileSync(
        `${home}/tsconfig.json`,
        JSON.stringify({
          extends: '../../tsconfig.json',
          compilerOptions: {
            paths: {
              'rx-graphql-ws': ['../../dist/index.d.ts'],
              'rx-graphql-ws/bitquery': ['../../dist/bitquery/index.d.ts'],
              'rx-graphql-ws/graphql-ws': ['../../dist/graphql-ws/index.d.ts'],
              'rx-graphql-ws/recovery': ['../../dist/recovery/index.d.ts'],
              'rx-graphql-ws/testing': ['../../dist/testing/index.d.ts'],
              'rx-graphql-ws/angular': ['../../dist/angular/index.d.ts'],
              'rx-graphql-ws/angular/testing': ['../../dist/angular/testing.d.ts'],
              'rx-graphql-ws/testing/server': ['../../dist/testing/server.d.ts'],
            },
          },
          include: ['.'],
        }),
      );
      const reported = await compile('typescript', `${home}/tsconfig.json`);
      for (const line of reported.split('\n').filter(Boolean)) {
        const [, file = '', rest = ''] =
          /snippets\/(.*)\.\d+\.ts(\(.*)/.exec(line) ?? ([, 'README.md', line] as const);
        const document = file.replaceAll('__', '/');
        diagnostics.set(document, [...(diagnostics.get(document) ?? []), document + rest]);
      }
    });

    for (const file of documents) {
      it(file, () => {
        expect(diagnostics.get(file) ?? []).to.deep.equal([]);
      });
    }

    it('in every block marked as TypeScript', () => {
      for (const file of documents) {
        const text = readFileSync(file, 'utf8');
        const fences = [...text.matchAll(/^\s*(```|~~~)(ts|tsx|typescript|mts)\b.*$/gm)];
        expect(fences.map(([fence]) => fence)).to.have.lengthOf([...text.matchAll(snippet)].length);
      }
    });
  });

  describe('show files as they are', () => {
    for (const file of documents) {
      for (const [, path = '', code] of readFileSync(file, 'utf8').matchAll(shown)) {
        it(`${path} in ${file}`, () => {
          expect(code).to.equal(readFileSync(path, 'utf8'));
        });
      }
    }
  });

  describe('have programs that run as they are pasted', () => {
    for (const [file, prints] of [
      [
        'README.md',
        /^idle\nconnecting\nconnected\n100\n[\s\S]*waiting\nconnecting\nconnected\n[\s\S]*100\n[\s\S]*idle$/,
      ],
      ['docs/getting-started.md', /^idle\nconnecting\nconnected\n0\n1\n2\nidle$/],
    ] as const)
      it(file, () => {
        const [, code = ''] = program.exec(readFileSync(file, 'utf8')) ?? [];
        consumer().write({ 'first.mjs': code });
        expect(consumer().run('first.mjs')).to.match(prints);
      });
  });

  describe('have links that lead somewhere', () => {
    for (const file of documents) {
      it(file, () => {
        const text = withoutCode(readFileSync(file, 'utf8'));
        const targets = [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, to = '']) => to);
        const broken = targets.filter((target) => {
          const [path = '', anchor] = target.split('#');
          const linked = path === '' ? file : normalize(join(dirname(file), path));
          return !existsSync(linked) || (anchor !== undefined && !hasHeading(linked, anchor));
        });
        expect(broken).to.deep.equal([]);
      });
    }
  });

  it('name sources and tests that there are', () => {
    const gone = documents.flatMap((file) => {
      const named = readFileSync(file, 'utf8').matchAll(/(?<![\w/.-])(?:lib|spec)\/[\w./-]*\w/g);
      return [...named]
        .filter(([path]) => !['', '.ts', '.spec.ts'].some((end) => existsSync(path + end)))
        .map(([path]) => `${path} in ${file}`);
    });
    expect(gone).to.deep.equal([]);
  });
});
