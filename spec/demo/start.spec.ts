import { Writable } from 'node:stream';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Subject } from 'rxjs';
import { runInside } from '../cli/rig/inside.js';
import { runProgram } from '../helpers/run-program.js';

const start = (...args: readonly string[]) => runProgram('lib/cli/rxgql.ts', ['demo', ...args]);

const inside = (...args: readonly string[]) => runInside({}, 'demo', ...args);

describe('npm start', function () {
  this.timeout(60_000);
  this.slow(10_000);

  it('takes --plain and --seconds', async () => {
    const { code, out, err } = await inside('--plain', '--seconds', '6');
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(
      /\n--- [1-9]\d* trades received, [2-9] connections, [1-9] silent disconnects? noticed, \d+\.\d s\n$/,
    );
  });

  it('has the same faults, and the same trades, for the same --seed', async () => {
    const faults = async (...args: readonly string[]) => {
      const { out } = await inside('--seconds', '1', ...args);
      return out.match(
        /Half-open path: |Server restart: |Token expired: |Ignored stop: |Bad operation: /g,
      );
    };
    const [one, again, other] = [
      await faults('--seed', '1'),
      await faults('--seed', '1'),
      await faults('--seed=2'),
    ];
    expect(one).to.have.lengthOf(5).and.deep.equal(again).and.not.deep.equal(other);
  });

  it('draws a seed and tells it', async () => {
    const { out } = await inside('--seconds', '0.01');
    expect(out).to.match(/for 0\.01 s \(--seed \d+\):\n/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends at once at ${signal}`, async () => {
      const program = start();
      await program.seen(/connected/);
      const interrupted = Date.now();
      program.child.kill(signal);
      expect(await program.exited).to.equal(0);
      expect(Date.now() - interrupted).to.be.below(10_000);
    });

  it('sums up at a signal with --plain', async () => {
    const signal$ = new Subject<string>();
    let out = '';
    const stdout = new Writable({
      write(text: Buffer, _encoding, done) {
        out += text.toString();
        if (out.includes('SMP')) signal$.next('SIGINT');
        done();
      },
    });
    expect(await runInside({ signal$, stdout }, 'demo', '--plain')).to.include({ code: 0 });
    expect(out).to.match(/\n--- 1 trade received, 1 connection, 0 silent .* noticed, \d\.\d s\n$/);
  });

  it('ends quietly when nobody reads any more', async () => {
    const program = start('--plain');
    await program.seen(/SMP/);
    program.child.stdout!.destroy();
    expect(await program.exited).to.equal(0);
    expect(program.err()).to.equal('');
  });

  it('explains itself with --help', async () => {
    const { code, out, err } = await inside('--help');
    expect([code, err]).to.deep.equal([0, '']);
    for (const option of ['--seconds', '--seed', '--port', '--plain', '--help'])
      expect(out).to.contain(option);
  });

  for (const [args, message] of [
    [['--sekonds', '4'], /^.*'--sekonds'/],
    [['x'], /^error: too many arguments for 'demo'/],
    [['--seconds', 'ten'], /^rxgql: --seconds must be a number > 0 and ≤ 86400, got 'ten'\n/],
    [['--seed=0'], /^rxgql: --seed must be .*, got '0'\n/],
    [['--port', '65536'], /^rxgql: --port must be .*, got '65536'\n/],
  ] as const)
    it(`names the mistake in ${args.join(' ')}, and exits with 2`, async () => {
      const { code, out, err } = await inside(...args);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(message);
    });
});
