import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from 'prettier';
import type { Run } from './outcome.js';
import { readArguments } from './read-arguments.js';
import { short } from './report/format.js';
import { withTables } from './report/markdown.js';
import { workloads } from './workloads.js';

const run: Run = {
  date: '2026-01-15',
  node: '20.19.0',
  machine: 'a processor, 2 cores',
  command: 'npm run bench',
  seconds: 61,
  outcomes: [
    {
      name: 'throughput-1k',
      rounds: 15,
      variants: {
        'rx-graphql-ws': { rate: 123_456.7, cpu: 4.5678, results: 3 },
        'bare ws': { rate: 98_765, cpu: 5, results: 3 },
      },
      figures: [
        { what: 'rate', unit: '×', median: 1.25, low: 1.1, high: 1.4, confidence: 0.96 },
        {
          ...{ what: 'heap', unit: 'MiB', median: 31, low: 31, high: 31, confidence: 0 },
          ...{ target: { atMost: 32 }, verdict: 'met' },
        },
        {
          ...{ what: 'p50', unit: '×', median: 1.1, low: 0.5, high: 1.6, confidence: 0.98 },
          ...{ target: { atMost: 1.15 }, verdict: 'undecided', why: 'too wide an interval' },
        },
      ],
    },
  ],
  failed: [{ name: 'shared', reason: 'no answer,\n|1| result' }],
};
const document = '# Speed\n\n<!-- bench:begin -->\n\nold\n\n<!-- bench:end -->\n\nThe rest.\n';

describe('The tables of the bench', () => {
  it('take the place of those between the markers', async () => {
    const text = await withTables(document, run);
    expect(text).to.match(/^# Speed\n\n<!-- bench:begin -->\n\n2026-01-15, Node 20.19.0, a proc/);
    expect(text).to.match(/<!-- bench:end -->\n\nThe rest.\n$/);
    expect(text).not.to.contain('old');
    expect(text).to.match(/\| `throughput-1k` +\| rate +\| 1.25 \(1.1 – 1.4\) +\| +\| +\|/);
    expect(text).to.match(/\| heap +\| 31 MiB +\| ≤ 32 +\| met +\|/);
    expect(text).to.match(/\| ≤ 1.15 +\| undecided: too wide an interval \|/);
    expect(text).to.match(/\| `shared` +\| no answer, \\\|1\\\| result +\| +\| +\| failed +\|/);
    expect(text).to.match(/\| rx-graphql-ws +\| 123 457 +\| 4.57 +\|/);
    expect(await withTables(text, run)).to.equal(text);
  });

  it('are as prettier wants them', async () => {
    const options = { parser: 'markdown', singleQuote: true, printWidth: 100 };
    expect(await check(await withTables(document, run), options)).to.be.true;
  });

  it('need their markers', async () => {
    let thrown: unknown;
    await withTables('# Speed\n', run).catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.an('error').with.property('message').that.contains('<!-- bench:begin -->');
  });

  it('have three significant digits', () => {
    expect([0.012345, 1.2345, 12.345, 999.9, 1_234.5, 1_234_567, 0, 15].map(short)).to.deep.equal([
      '0.0123',
      '1.23',
      '12.3',
      '1000',
      '1 235',
      '1 234 567',
      '0',
      '15',
    ]);
  });
});

describe('The command line of the bench', () => {
  const chosen = (...args: string[]) =>
    readArguments(args, workloads).chosen.map(({ name }) => name);

  it('runs everything by default, 10 pairs a look', () => {
    expect(readArguments([], workloads)).to.include({ chosen: workloads, pairs: 10, check: false });
  });

  it('takes workloads by name, and by the beginning of names', () => {
    expect(chosen('shared', 'throughput-1k')).to.deep.equal(['throughput-1k', 'shared']);
    expect(chosen('huge')).to.deep.equal(['huge-1m', 'huge-12m']);
  });

  it('refuses what there is not', () => {
    expect(() => chosen('throughput-2k')).to.throw('no workload "throughput-2k". There are thr');
    expect(() => chosen('--pears', '3')).to.throw('--pears');
    expect(() => chosen('--pairs', '0')).to.throw('--pairs must be a whole number above 0');
  });

  describe('with files', () => {
    let folder: string;
    const file = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'bench-'));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    it('takes the figures of an earlier run, and no workloads beside them', () => {
      const path = file('run.json', JSON.stringify(run));
      expect(readArguments(['--from', path], workloads).from).to.deep.equal(run);
      expect(() => chosen('--from', path, 'shared')).to.throw('leave out the workloads');
    });

    it('refuses a file that is none of its runs', () => {
      expect(() => chosen('--from', join(folder, 'none.json'))).to.throw(
        /^--from .*none.json.*ENOENT/,
      );
      expect(() => chosen('--from', file('no.json', '{'))).to.throw(
        /^--from .*no.json.*SyntaxError/,
      );
      const { failed, ...rest } = run;
      for (const other of [null, [], {}, rest, { ...run, failed, outcomes: [{ name: 'shared' }] }])
        expect(() => chosen('--from', file('other.json', JSON.stringify(other)))).to.throw(
          'this is not what --json writes',
        );
      expect(() => chosen('--json', join(folder, 'none', 'run.json'))).to.throw('no such folder');
    });

    it('writes a document only where no row of it would be lost', () => {
      const path = file('speed.md', document);
      expect(readArguments(['--markdown', path], workloads).markdown).to.equal(path);
      expect(() => chosen('--markdown', path, 'shared')).to.throw(/all workloads.* missing: thr/);
      expect(() =>
        chosen('--markdown', path, '--from', file('run.json', JSON.stringify(run))),
      ).to.throw('legacy-100');
      expect(() => chosen('--markdown', file('no.md', '# Speed'))).to.throw(
        'lacks <!-- bench:begin',
      );
      expect(() => chosen('--markdown', join(folder, 'none.md'))).to.throw('ENOENT');
    });
  });
});
