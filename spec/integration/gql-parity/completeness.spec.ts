import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** How many behaviours there are of each kind. */
const behaviours = { AQ: 20, AE: 12, AS: 19, GE: 8, GS: 18, X: 34 };

const specs = 'spec/integration/gql-parity';
const page = 'docs/gql-parity.md';

const all = Object.entries(behaviours).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}${index + 1}`),
);

/** The ids that titles of tests, or rows of their tables, begin with in the sources. */
function tested(): ReadonlySet<string> {
  const ids = /(?:\bit\(|\[)\s*["'`]([A-Z]+\d+(?:, [A-Z]+\d+)*)[ '"`]/g;
  return new Set([...sources().matchAll(ids)].flatMap(([, found = '']) => found.split(', ')));
}

function sources(): string {
  const files = readdirSync(specs).filter((file) => file.endsWith('.spec.ts'));
  return files.map((file) => readFileSync(`${specs}/${file}`, 'utf8')).join('\n');
}

/** The cells of a table's rows, under a heading of the page. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync(page, 'utf8').split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

describe('gql parity: completeness', () => {
  const excused = table('Without counterpart');

  it('every behaviour is tested, or has no counterpart: none is both, none is neither', () => {
    const covered = [...tested(), ...excused.map(([id]) => id)];
    expect(covered).to.have.members(all);
  });

  it('no test is skipped', () => {
    expect(sources()).to.not.match(/^ *(?:xit|xdescribe|\w+\.skip)\b/m);
  });

  it('a behaviour without a counterpart has a reason', () => {
    expect(excused).to.not.deep.equal([]);
    for (const [id, , reason = ''] of excused) {
      expect(reason.length, id).to.be.greaterThan(5);
    }
  });

  it('a behaviour that differs on purpose is tested', () => {
    const ids = table('Where it differs on purpose').flatMap(([cell = '']) => cell.split(', '));
    expect([...tested()]).to.include.members(ids);
    expect(ids).to.deep.equal([...new Set(ids)]);
    const gaps = all.filter((id) => id.startsWith('X'));
    expect(ids).to.include.members(gaps);
  });
});
