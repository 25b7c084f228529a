import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './run-child.js';

describe('runChild', () => {
  let folder: string;
  const program = (text: string) => {
    writeFileSync(join(folder, 'program.mjs'), text);
    return runChild(join(folder, 'program'));
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'child-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const failureOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'none',
      (error: unknown) => String(error),
    );

  it('asks and is answered', async () => {
    const child = program("process.on('message', ({ n }) => process.send(n + 1)); process.send(0)");
    expect(await child.answer()).to.equal(0);
    expect(await child.ask({ n: 1 })).to.equal(2);
    expect(await child.ask({ n: 2 })).to.equal(3);
    await child.stop();
  });

  it('rejects what is asked of a process that ends before it answers', async () => {
    const child = program("process.on('message', () => process.exit(3)); process.send(0)");
    await child.answer();
    expect(await failureOf(child.ask({}))).to.match(/ended with 3 and gave no answer/);
  });

  it('rejects what is asked of a process that has ended', async () => {
    const child = program('');
    await child.ended;
    expect(await failureOf(child.ask({}))).to.match(/had ended/);
  });

  it('lets a process end by itself', async () => {
    const left = join(folder, 'left');
    const leaving = `process.on('disconnect', () => writeFileSync(${JSON.stringify(left)}, ''))`;
    const child = program(`import { writeFileSync } from 'node:fs'; ${leaving}; process.send(0)`);
    await child.answer();
    await child.leave();
    expect(existsSync(left)).to.be.true;
  });
});
