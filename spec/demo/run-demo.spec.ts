import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { runDemo } from '../../lib/demo/run-demo.js';
import type { DemoOptions } from '../../lib/demo/view.js';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/rejection.js';

/** The demo under way, and its lines. */
function start(
  options: Partial<DemoOptions> & { readonly isTTY?: boolean; readonly columns?: number },
) {
  const texts: string[] = [];
  const { isTTY, columns, ...given } = options;
  const output = { isTTY, columns, write: (text: string) => texts.push(text) };
  const user = new AbortController();
  const code = runDemo({
    ...{ plain: false, seed: 1, port: 1024, seconds: 60, output, signal: user.signal },
    ...given,
  });
  return { code, text: () => texts.join(''), interrupt: () => user.abort() };
}

/** The figures of both lanes, from the table. */
const figures = (text: string, name: string) =>
  new RegExp(`^${name} +(\\d+) +(\\d+)$`, 'm').exec(text)?.slice(1).map(Number);

describe('the demo', function () {
  this.timeout(40_000);
  this.slow(20_000);

  it('has each block once with our client, and misses some with the other', async () => {
    const { code, text } = start({ seconds: 8, seed: 3 });
    expect(await code, text()).to.equal(0);
    const [naive, ours] = figures(text(), 'received')!;
    const [missed, none] = figures(text(), 'missing')!;
    expect([none, figures(text(), 'duplicate')![1]]).to.deep.equal([0, 0]);
    expect(missed).to.be.above(5);
    expect(figures(text(), 'sent')).to.deep.equal([ours, ours]);
    expect(naive! + missed!).to.equal(ours);
    expect(figures(text(), 'streams still billed')).to.deep.equal([1, 0]);
    expect(figures(text(), 'gaps shown')![0]).to.equal(0);
    for (const title of ['Half-open path', 'Server restart', 'Token expired', 'Ignored stop'])
      expect(text()).to.contain(`${title}: `);
    expect(text())
      .to.match(/^A? *.* s {4}rx-graphql-ws: connected$/m)
      .and.not.contain('\u001b');
  });

  it('ends with 1 if there was no block to receive', async () => {
    const { code, text } = start({ seconds: 0.001 });
    expect(await code, text()).to.equal(1);
  });

  it('shows both on a terminal while they run, and serves the page until Ctrl-C', async () => {
    const { code, text, interrupt } = start({ seconds: 2, isTTY: true, columns: 100 });
    await eventually(() => expect(text()).to.contain('Ctrl-C'), 30_000);
    expect(text()).to.match(/● connected {6,}\d\.\d s old {2}\d+ received, /);
    const [, url = ''] = /page: (\S+)/.exec(text()) ?? [];
    expect((await fetch(`${url}none`)).status).to.equal(404);
    interrupt();
    expect(await code).to.equal(0);
    expect(await failureOf(fetch(url))).to.be.an('error');
  });

  it('tells that the port is in use, and takes another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, text, interrupt } = start({ port });
    await eventually(() => expect(text()).to.contain(`Port ${port} cannot be used.`), 5_000);
    interrupt();
    expect(await code).to.equal(0);
    other.close();
  });

  for (const ms of [0, 100])
    it(`ends at once when it is interrupted after ${ms} ms`, async () => {
      const { code, interrupt } = start({ isTTY: true });
      await delay(ms);
      const interrupted = Date.now();
      interrupt();
      expect(await code).to.equal(0);
      expect(Date.now() - interrupted).to.be.below(10_000);
    });

  it('fails with what it could not do', async () => {
    const error = await failureOf(start({ port: 65_536 }).code);
    expect(error).to.have.property('code', 'ERR_SOCKET_BAD_PORT');
  });

  describe('with plain', () => {
    it('prints each trade, notices that the path is dead, goes on and sums it up', async () => {
      const { code, text } = start({ plain: true, seconds: 6 });
      expect(await code, text()).to.equal(0);
      const lines = text().trimEnd().split('\n');
      const trades = lines.filter((line) =>
        /^\d\d:\d\d:\d\d\.\d{3} +\d+ {2}SMP\d+\/wSMP +\d+\.\d{4}$/.test(line),
      );
      const blocks = trades.map((line) => Number(line.split(/ +/)[1]));
      expect(blocks).to.deep.equal(blocks.map((_block, index) => blocks[0]! + index));
      const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
      const [died, noticed] = [at(/^--- the path dies/), at(/^--- silent .* for 750 ms$/)];
      const order = [at(/^--- connected$/), died, noticed, lines.lastIndexOf('--- connected')];
      expect(order).to.deep.equal([...order].sort((a, b) => a - b));
      expect(order).to.not.include(-1);
      expect(lines.at(-1)).to.match(
        new RegExp(
          `^--- ${blocks.length} trades received, [2-9] connections, [1-9] silent disconnects? noticed, \\d+\\.\\d s$`,
        ),
      );
      expect(text()).to.contain('?token=[redacted]');
    });

    it('ends with 1 if the trades had no time to go on', async () => {
      const { code, text } = start({ plain: true, seconds: 0.05 });
      expect(await code, text()).to.equal(1);
    });

    it('sums up when it is interrupted', async () => {
      const { code, text, interrupt } = start({ plain: true, seconds: 20 });
      await eventually(() => expect(text()).to.contain('wSMP'), 5_000);
      interrupt();
      expect(await code).to.equal(0);
      expect(text()).to.match(
        /--- [1-9]\d* trades? received, 1 connection, 0 silent disconnects noticed, \d\.\d s\n$/,
      );
    });
  });
});
