import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile, consumer } from './consumer.js';

const example = 'docs/examples/testing';
const tools = ['chai', 'mocha', 'vitest', 'typescript', '@types'];

/** docs/examples/testing, with the packed package installed above it, and with the tools of this repository. */
describe('the example project', function () {
  this.timeout(120_000);
  let directory: string;
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [program, ...args], {
      cwd: directory,
      encoding: 'utf8',
      // node:test runs nothing in a process that it believes to be its own child
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1' },
      stdio: 'pipe',
    });
  const tool = (path: string) => resolve('node_modules', path);

  before(() => {
    const installed = consumer();
    for (const name of tools) {
      const link = join(installed.directory, 'node_modules', name);
      if (!existsSync(link)) symlinkSync(resolve('node_modules', name), link);
    }
    directory = join(installed.directory, 'example');
    cpSync(example, directory, { recursive: true });
  });

  it('compiles', () => {
    expect(compile('typescript', join(directory, 'tsconfig.build.json'))).to.equal('');
  });

  it('passes its tests with mocha', () => {
    const out = run(tool('mocha/bin/mocha.js'), 'out/*.spec.js');
    expect(out)
      .to.match(/\d passing/)
      .and.to.not.match(/failing|pending/);
    for (const name of [
      'Ticker',
      'a subscription',
      'an expired token',
      'several operations',
      'a stall',
    ])
      expect(out).to.contain(name);
  });

  it('passes its tests with node:test', () => {
    const out = run('--test');
    expect(out)
      .to.match(/# pass 1\b/)
      .and.to.match(/# fail 0\b/);
  });

  it('passes its tests with Vitest', () => {
    expect(run(tool('vitest/vitest.mjs'), 'run')).to.match(/Tests\s+\d+ passed/);
  });

  for (const runner of ['jest', 'vitest'])
    it(`has types with ${runner}`, () => {
      expect(compile('typescript', join(directory, `tsconfig.${runner}.json`))).to.equal('');
    });
});
