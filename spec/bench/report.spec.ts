import { expect } from 'chai';
import { describe, it } from 'mocha';
import { check } from 'prettier';
import type { Run } from './outcome.js';
import { withTables } from './report/markdown.js';

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
});
