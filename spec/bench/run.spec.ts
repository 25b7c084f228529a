import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../helpers/run-program.js';
import type { Run } from './outcome.js';
import type { Judgement } from './verdict.js';

describe('The program of the bench', function () {
  this.timeout(20_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Has it look at a run in which figures have these verdicts. */
  const look = async (judgements: readonly Judgement[], ...args: readonly string[]) => {
    const interval = { median: 1, low: 0.5, high: 1.6, confidence: 0.98 };
    const figures = judgements.map((one, n) => ({
      ...{ what: `figure ${n}`, unit: '×', target: { atLeast: 1 } },
      ...interval,
      ...one,
    }));
    const run: Run = {
      ...{ date: '2026-01-15', node: '20.19.0', machine: 'a processor', command: 'bench' },
      ...{ seconds: 1, failed: [] },
      outcomes: [{ name: 'shared', rounds: 10, variants: {}, figures }],
    };
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify(run));
    const { exited, err } = runProgram('spec/bench/run.ts', ['--from', file, ...args]);
    return { code: await exited, err: err() };
  };
  const undecided: Judgement = { verdict: 'undecided', why: 'too wide an interval' };

  it('tells what is undecided, and does not fail for it', async () => {
    const { code, err } = await look([{ verdict: 'met' }, undecided], '--check');
    expect(code).to.equal(0);
    expect(err).to.equal('undecided:\n  shared: figure 1, too wide an interval\n');
  });

  it('fails for what is missed, where it is to check', async () => {
    const judgements = [undecided, { verdict: 'missed' }] as const;
    const { code, err } = await look(judgements, '--check');
    expect(code).to.equal(1);
    expect(err).to.contain('missed:\n  shared: figure 1\n');
    expect((await look(judgements)).code).to.equal(0);
  });
});
