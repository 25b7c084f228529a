import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../helpers/run-program.js';

const run = async (...args: readonly string[]) => {
  const { exited, out, err } = runProgram('spec/rig/run.ts', args);
  return { code: await exited, out: out(), err: err() };
};

describe('The runner of the rigs', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rig-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('ends with 2 and the usage of the rig where an argument is wrong', async () => {
    const outcome = { name: 'shared', rounds: 1, variants: {}, figures: [] };
    const rows: readonly (readonly [RegExp, ...string[]])[] = [
      [/runs must be a whole number above 0, not "0"/, 'simulate', '0'],
      [/seconds must be a number above 0, not "soon"/, 'fuzz', 'soon'],
      [/C27 has no row: a subscription/, 'faults', 'C27'],
      [/a scenario is one of reconnects, .*, not "none"/, 'load', 'none'],
      [/Unknown option '--pears'/, 'bench', '--pears', '3'],
      [/no workload "throughput-2k"\. There are thr/, 'bench', 'throughput-2k'],
      [/rows of all workloads.* missing: thr/, 'bench', 'shared', '--markdown', 'docs/performance.md'], // prettier-ignore
      [/lacks <!-- bench:begin/, 'bench', '--markdown', 'README.md'],
      [/not what --json writes/, 'bench', '--from', file('no.json', JSON.stringify([outcome]))],
      [/--loss is one of in, out, both, not "up"/, 'test:chaos', '--loss', 'up'],
    ];
    const checks = rows.map(async ([message, name, ...args]) => {
      const { code, out, err } = await run(name!, ...args);
      expect([code, out], err).to.deep.equal([2, '']);
      expect(err).to.match(message).and.contain(`usage: npm run ${name}`);
    });
    await Promise.all(checks);
  });

  it('fails for a figure of the bench that is missed, and not for one that is undecided', async () => {
    const interval = { unit: '×', median: 1, low: 0.5, high: 1.6, confidence: 0.98 };
    const look = (...verdicts: readonly string[]) => {
      const figures = verdicts.map((verdict) => ({ what: `is ${verdict}`, verdict, ...interval }));
      const outcomes = [{ name: 'shared', rounds: 10, variants: {}, figures }];
      const path = file(`${verdicts.length}.json`, JSON.stringify({ outcomes, failed: [] }));
      return run('bench', '--check', '--from', path);
    };
    const [met, missed] = await Promise.all([
      look('met', 'undecided'),
      look('met', 'undecided', 'missed'),
    ]);
    expect([met.code, met.err]).to.deep.equal([0, 'undecided:\n  shared: is undecided\n']);
    expect(missed.code).to.equal(1);
    expect(missed.err).to.contain('missed:\n  shared: is missed\n');
  });
});
