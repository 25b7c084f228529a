import { execFile } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { compile, consumer } from '../consumer.js';

const example = 'docs/examples/testing';
const tools = ['chai', 'mocha', 'vitest', 'typescript', '@types'];

/** docs/examples/testing, with the packed package installed above it, and with the tools of this repository. */
describe('the example project', function () {
  this.timeout(120_000);
  let directory: string;
  const run = async (program: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
      cwd: directory,
      // node:test runs nothing in a process that it believes to be its own child
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1' },
    });
    return stdout;
  };
  const tool = (path: string) => resolve('node_modules', path);
  const projects = ['build', 'jest', 'vitest'];
  let diagnostics: Promise<string>[];

  before(() => {
    const installed = consumer();
    for (const name of tools) {
      const link = join(installed.directory, 'node_modules', name);
      if (!existsSync(link)) symlinkSync(resolve('node_modules', name), link);
    }
    directory = join(installed.directory, 'example');
    cpSync(example, directory, { recursive: true });
    diagnostics = projects.map((name) =>
      compile('typescript', join(directory, `tsconfig.${name}.json`)),
    );
  });

  projects.forEach((name, index) => {
    it(`compiles with tsconfig.${name}.json`, async () => {
      expect(await diagnostics[index]).to.equal('');
    });
  });

  it('passes its tests with mocha', async () => {
    const out = await run(tool('mocha/bin/mocha.js'), 'out/*.spec.js');
    expect(out)
      .to.match(/\d passing/)
      .and.to.not.match(/failing|pending/);
    for (const name of [
      'Ticker',
      'a subscription',
      'an expired token',
      'several operations',
      'a stall',
      'a recovered subscription',
    ])
      expect(out).to.contain(name);
  });

  it('passes its tests with node:test', async () => {
    expect(await run('--test'))
      .to.match(/# pass 1\b/)
      .and.to.match(/# fail 0\b/);
  });

  it('passes its tests with Vitest', async () => {
    expect(await run(tool('vitest/vitest.mjs'), 'run')).to.match(/Tests\s+\d+ passed/);
  });
});
