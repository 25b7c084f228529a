// Type-checks the project and runs its unit tests with the oldest rxjs that the peer range admits, in a copy outside the repository.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const oldest = peerDependencies.rxjs.replace('^', '');
const copy = mkdtempSync(join(tmpdir(), 'rx-graphql-ws-'));
const run = (command, ...args) => execFileSync(command, args, { cwd: copy, stdio: 'inherit' });

try {
  for (const file of ['lib', 'spec', 'docs', 'package.json', 'tsconfig.json', '.mocharc.json']) {
    // the packages of spec/peers and spec/matrix are large, and none of the unit tests needs them
    const filter = (from) => !from.endsWith('node_modules');
    cpSync(file, join(copy, file), { recursive: true, filter });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, 'rxjs'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    // a link leads back to the rxjs that is installed here, which Angular would import
    if (name === '@angular')
      cpSync(`node_modules/${name}`, join(modules, name), { recursive: true });
    else if (name !== 'rxjs') symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  run('npm', 'pack', `rxjs@${oldest}`, '--silent');
  run('tar', '-xzf', `rxjs-${oldest}.tgz`, '-C', join(modules, 'rxjs'), '--strip-components=1');
  run(process.execPath, resolve('node_modules/typescript/bin/tsc'));
  rmSync(join(copy, 'spec/package'), { recursive: true });
  run(process.execPath, resolve('node_modules/mocha/bin/mocha.js'), 'spec/**/*.spec.ts');
} catch {
  // What failed has said so.
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
