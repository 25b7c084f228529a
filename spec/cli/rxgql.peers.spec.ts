import { expect } from 'chai';
import { describe, it } from 'mocha';
import { eventually } from '../helpers/eventually.js';
import { peers, usePeer } from '../helpers/peers/real-peer.js';
import { outcomeOf, useRxgql } from './rig/use-rxgql.js';

const lines = (text: string) => text.trimEnd().split('\n');

for (const { name, attach, speaks } of peers)
  describe(`rxgql with the server ${name}`, function () {
    this.timeout(60_000);
    this.slow(4_000);
    const start = usePeer();
    const rxgql = useRxgql();

    it('runs a query', async () => {
      const { url } = await start(attach);
      const { code, out } = await rxgql.inside(url, '{ hello }', '--select', 'data.hello');
      expect([code, out]).to.deep.equal([0, '["hello world"]\n']);
    });

    it('runs a mutation with variables', async () => {
      const { url } = await start(attach);
      const document = 'mutation ($ms: Int) { increment(ms: $ms) }';
      const { code, out } = await rxgql.inside(url, document, '-V', 'ms:1');
      expect([code, out]).to.deep.equal([0, '{"data":{"increment":1}}\n']);
    });

    it('prints a subscription to its end', async () => {
      const { url } = await start(attach);
      const document = 'subscription { countdown(from: 3) }';
      const { code, out, err } = await rxgql.inside(url, document, '--select', 'data.countdown');
      expect([code, out, err]).to.deep.equal([0, '3\n2\n1\n0\n', '']);
    });

    it('ends a subscription after --take, and the server hears of it', async () => {
      const peer = await start(attach);
      const { code, out } = await rxgql.inside(peer.url, 'subscription { ticks }', '--take', '3');
      expect([code, lines(out).length]).to.deep.equal([0, 3]);
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(0));
    });

    it('says who asks, by a header', async () => {
      const { url } = await start(attach);
      const args = ['-H', 'X-User: ada', '--select', 'data.viewer'];
      expect(await rxgql.inside(url, '{ viewer }', ...args)).to.include({
        code: 0,
        out: '"ada"\n',
      });
    });

    it('says who asks, by connection_init', async () => {
      const { url } = await start(attach);
      const args = ['--param', 'user:ada', '--select', 'data.viewer'];
      expect(await rxgql.inside(url, '{ viewer }', ...args)).to.include({
        code: 0,
        out: '"ada"\n',
      });
    });

    it('shows the place of a syntax error', async () => {
      const { url } = await start(attach);
      for (const type of ['query', 'mutation']) {
        const { code, out, err } = await rxgql.inside(url, `${type} {\n  hello(name: )\n}`);
        expect([code, out]).to.deep.equal([1, '']);
        // and neither that it dials again, nor that the mutation may have run
        expect(err).to.match(
          /^rxgql: (connection closed: 4500|operation failed:) Syntax Error: Unexpected "\)".\n {2}line 2, column 15:\n {6}hello\(name: \)\n {18}\^\n$/,
        );
      }
    });

    it('shows the place of an unknown field', async () => {
      const { url } = await start(attach);
      const { code, err } = await rxgql.inside(url, '{ helo }');
      expect(code).to.equal(1);
      expect(err).to.contain('Cannot query field "helo"').and.contain('line 1, column 3:');
    });

    it('goes on after a restart, behind a gap', async () => {
      const peer = await start(attach);
      const program = rxgql.start(peer.url, 'subscription { ticks }');
      await program.seen(/"ticks"/);
      await peer.stop();
      await peer.start();
      await program.seen(/gap: /);
      program.child.kill('SIGTERM');
      const { code, err } = await outcomeOf(program);
      expect(code).to.equal(0);
      expect(err).to.match(/dials again\n(.*\n)*connected again after .*\ngap: results from /);
    });

    it('is told about by `ping`', async () => {
      const { url } = await start(attach);
      const args = ['--count', '2', '--interval', '20ms', '--for', '2s'];
      const { code, out } = await rxgql.inside('ping', url, ...args);
      expect(code).to.equal(0);
      const pings = { sent: 2, answered: 2 };
      expect(JSON.parse(out)).to.deep.include({ subprotocol: speaks, pings });
    });
  });
