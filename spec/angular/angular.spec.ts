import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { before, describe, it } from 'mocha';

const home = dirname(fileURLToPath(import.meta.url));
const suffix = extname(import.meta.url);
const tests = (kind: string) =>
  readdirSync(home)
    .filter((file) => file.endsWith(`.${kind}${suffix}`))
    .map((file) => join(home, file));

interface Report {
  readonly passes: readonly Result[];
  /** Those of hooks too. */
  readonly failures: readonly Result[];
}

interface Result {
  readonly file: string;
  readonly title: string;
  readonly err: { readonly stack?: string };
}

/** Tests with Angular run in processes of their own, because zone.js and Angular's DOM replace globals. */
function run(files: readonly string[], options: readonly string[]): Promise<Report> {
  const compiled = suffix === '.js';
  const program = [
    'node_modules/mocha/bin/_mocha',
    '--no-config',
    '--check-leaks',
    '--reporter=json',
  ];
  const loader = compiled ? '--enable-source-maps' : '--import=tsx';
  const helpers = ['fail-on-rejection', 'leave-nothing-open'].map(
    (name) => `--require=${join(home, '../helpers', name + suffix)}`,
  );
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [loader, ...program, ...helpers, ...options, ...files],
      (_error, out, err) => {
        // Angular writes to the console, before the report
        const report = /^\{\n  "stats"[^]*/m.exec(out)?.[0];
        if (report === undefined) reject(new Error(`${out}\n${err}`));
        else resolve(JSON.parse(report) as Report);
      },
    );
  });
}

const both = tests('ng');
for (const [how, files, options] of [
  ['without zone.js', both, []],
  ['with zone.js', [...both, ...tests('zone')], [`--require=${join(home, `load-zone${suffix}`)}`]],
] as const)
  describe(`in Angular ${how}`, function () {
    this.timeout(180_000);
    let report: Report;

    before(async () => {
      report = await run(files, options);
    });

    for (const file of files)
      it(`passes the tests of ${basename(file, suffix)}`, () => {
        const own = ({ file: from }: Result) => relative(from, file) === '';
        const failures = report.failures.filter(own);
        expect(failures.map(({ title, err }) => `${title}: ${err.stack ?? ''}`)).to.deep.equal([]);
        expect(report.passes.filter(own)).to.have.length.above(0);
      });
  });
