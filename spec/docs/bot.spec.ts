import { expect } from 'chai';
import { describe, it } from 'mocha';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'mocha';
import { throwError } from 'rxjs';
import { compilePrograms } from '../helpers/measure/compile-programs.js';
import { runCommand } from '../helpers/run-program.js';
import { useServer } from '../helpers/use-server.js';

const feed = { every: 5, field: 'trades', replay: true };

describe('docs/examples/bot.ts', function () {
  this.timeout(300_000);
  this.slow(20_000);
  const serve = useServer();
  let folder: string;
  let bot: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bot-'));
    bot = `${await compilePrograms('docs/examples', ['bot'], true)}/bot.mjs`;
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (url: string, cursor: string, env: NodeJS.ProcessEnv = {}) =>
    runCommand(process.execPath, [bot, url, join(folder, cursor)], { TOKEN: undefined, ...env });
  /** The numbers of whole lines, because a kill may cut the last one off. */
  const numbersIn = (out: string) =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { number: number }).number);
  const eventsIn = (err: string) =>
    err
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);

  it('misses no trade though it is killed 20 times, and repeats one at most each time', async () => {
    const server = await serve({ feed });
    const all: number[] = [];
    for (let n = 0; n < 20; n++) {
      const program = start(server.url, 'killed.json');
      await program.seen(new RegExp(`(.*number.*\\n){${2 + (n % 5)}}`));
      // also in the midst of the work of a turn
      program.child.kill('SIGKILL');
      await program.exited;
      all.push(...numbersIn(program.out()));
    }
    const last = start(server.url, 'killed.json');
    await last.seen(/number/);
    last.child.kill('SIGTERM');
    expect(await last.exited).to.equal(0);
    all.push(...numbersIn(last.out()));
    const { missing, duplicate, outOfOrder } = server.truth.compare([...new Set(all)]);
    // nothing came before the very first start
    expect(missing.filter((number) => number >= all[0]!)).to.deep.equal([]);
    expect([duplicate, outOfOrder]).to.deep.equal([[], []]);
    expect(all.length - new Set(all).size).to.be.at.most(20);
  });

  it('ends at SIGTERM with 0, has stored what it handled, and told the server', async () => {
    const server = await serve({ feed });
    const program = start(server.url, 'stopped.json');
    await program.seen(/(.*number.*\n){5}/);
    program.child.kill('SIGTERM');
    expect(await program.exited).to.equal(0);
    const stored = JSON.parse(readFileSync(join(folder, 'stopped.json'), 'utf8')) as unknown;
    expect(stored).to.deep.equal({ number: numbersIn(program.out()).at(-1) });
    await server.ledger.until('closed', ({ code }) => code === 1000);
    const events = eventsIn(program.err());
    expect(events).to.include.ordered.members([
      ...['idle', 'connecting', 'connected'],
      'closed',
      'stopped',
    ]);
  });

  it('goes on through a loss, without a gap', async () => {
    const server = await serve({ feed });
    const program = start(server.url, 'lost.json');
    await program.seen(/(.*number.*\n){3}/);
    server.drop();
    await program.seen(/"connected"[^]*"connected"[^]*/);
    const had = numbersIn(program.out()).length;
    await program.seen(new RegExp(`(.*number.*\\n){${had + 20}}`));
    program.child.kill('SIGINT');
    expect(await program.exited).to.equal(0);
    const numbers = numbersIn(program.out());
    expect(numbers).to.deep.equal(numbers.map((_, index) => numbers[0]! + index));
    expect(program.err()).to.not.contain('gap');
  });

  const failures: readonly (readonly [what: string, code: number, () => Promise<string>])[] = [
    ['no URL', 78, () => Promise.resolve('')],
    [
      'an operation that is refused',
      78,
      async () => (await serve({ handle: () => throwError(() => new Error('no')) })).url,
    ],
    ['a token that is refused', 78, async () => (await serve({ authorize: () => false })).url],
    [
      'a connection that is closed for good',
      1,
      async () =>
        (
          await serve({
            handle: (_request, { peer }) => {
              peer.close(4409, 'taken');
              return throwError(() => new Error('closed'));
            },
          })
        ).url,
    ],
  ];
  for (const [what, code, urlOf] of failures)
    it(`ends with ${code} over ${what}, and says so without the token`, async () => {
      const program = start(await urlOf(), 'none.json', { TOKEN: 's3cret-token' });
      expect(await program.exited).to.equal(code);
      expect(eventsIn(program.err()).at(-1)).to.equal('failed');
      expect(program.out() + program.err()).to.not.contain('s3cret-token');
      expect(existsSync(join(folder, 'none.json'))).to.equal(false);
    });

  it('ends with 78 over a cursor that is broken', async () => {
    writeFileSync(join(folder, 'broken.json'), '{"num');
    const server = await serve({ feed });
    const program = start(server.url, 'broken.json');
    expect(await program.exited).to.equal(78);
  });
});
