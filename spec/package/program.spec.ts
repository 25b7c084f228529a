import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { interval, map } from 'rxjs';
import { runCommand } from '../helpers/run-program.js';
import { useServer } from '../helpers/use-server.js';
import { type Consumer, consumer } from './consumer.js';

describe('the program in the packed package', function () {
  this.timeout(180_000);
  const serve = useServer();
  let installed: Consumer;
  let bin: string;

  before(() => {
    installed = consumer();
    bin = join(installed.directory, 'node_modules/.bin/rxgql');
  });

  it('is what `npx rx-graphql-ws` starts', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const args = ['exec', '--offline', '--', 'rx-graphql-ws', '--version'];
    const said = execFileSync('npm', args, { cwd: installed.directory, encoding: 'utf8' });
    expect(said.trim()).to.equal(version);
  });

  it('runs a subscription, and ends quietly with its reader', async () => {
    const { url } = await serve({
      handle: () => interval(5).pipe(map((n) => ({ data: { n } }))),
    });
    const command = `set -o pipefail; '${bin}' ${url} 'subscription { n }' | head -n 2`;
    const program = runCommand('bash', ['-c', command]);
    expect(await program.exited).to.equal(0);
    expect([program.out(), program.err()]).to.deep.equal([
      ...['{"data":{"n":0}}\n{"data":{"n":1}}\n', ''],
    ]);
  });
});
