// Compiles lib and spec with tsc for the coverage run: V8's branch counts are wrong on what tsx transforms.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const out = '.cache/cover';
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'spec/cover'], {
  stdio: 'inherit',
});

// Nothing imports a module of types at run time, and c8 would count it as uncovered.
const withoutCode = /^(\s|export \{\};|\/\/.*|\/\*[\s\S]*?\*\/)*$/;
for (const file of readdirSync(`${out}/lib`, { recursive: true })) {
  const path = `${out}/lib/${file}`;
  if (path.endsWith('.js') && withoutCode.test(readFileSync(path, 'utf8'))) rmSync(path);
}

// A package of its own, so that `import 'rx-graphql-ws'` finds what was compiled here and not dist.
const { name, version, type, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const compiled = Object.entries(exports)
  .map(([entry, target]) => [entry, (target.import ?? target).default])
  .filter(([, file]) => file)
  .map(([entry, file]) => [entry, file.replace('./dist/', './lib/')]);
writeFileSync(
  `${out}/package.json`,
  JSON.stringify({ name, version, type, exports: Object.fromEntries(compiled) }, null, 2),
);
