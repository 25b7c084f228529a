import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, interval, map, NEVER, of, take } from 'rxjs';
import { runProgram } from '../helpers/run-program.js';
import { useServer } from '../helpers/use-server.js';

const start = (...args: readonly string[]) => runProgram('lib/cli/start.ts', args);

/** Runs the program to its end. */
async function outcome(...args: readonly string[]) {
  const program = start(...args);
  const code = await program.exited;
  return { code, out: program.out(), err: program.err() };
}

const trade =
  /^\d\d:\d\d:\d\d\.\d{3} {2}38\d{7} {2}\w+ \w+ +SMP\d+\/wSMP +\d+\.\d{9} +\$\d+\.\d{6}$/;

describe('npm start', function () {
  this.timeout(20_000);
  this.slow(10_000);

  describe('by default', () => {
    it('prints trades, notices the silent disconnect, goes on and sums it up', async () => {
      const { code, out, err } = await outcome('--seconds', '4');
      expect([code, err]).to.deep.equal([0, '']);
      const lines = out.trimEnd().split('\n');
      const line = (pattern: RegExp) => {
        const index = lines.findIndex((text) => pattern.test(text));
        expect(index, `${String(pattern)} in\n${out}`).to.be.at.least(0);
        return index;
      };
      const connected = line(/^--- connected, speaking graphql-ws$/);
      const stalled = line(/^--- the server stalls/);
      const noticed = line(
        /^--- silent disconnect: no frame received for 600 ms; retry 1 in \d+ ms$/,
      );
      const again = lines.lastIndexOf('--- connected, speaking graphql-ws');
      expect([connected, stalled, noticed, again]).to.deep.equal(
        [connected, stalled, noticed, again].sort((a, b) => a - b),
      );
      const trades = (from: number, to: number) =>
        lines.slice(from, to).filter((text) => trade.test(text));
      const all = trades(0, lines.length);
      expect(trades(connected, stalled)).to.have.length.above(0);
      expect(trades(stalled, again)).to.deep.equal([]);
      expect(trades(again, lines.length)).to.have.length.above(0);
      expect(lines.at(-1)).to.match(
        new RegExp(
          `^--- ${String(all.length)} trades? received, 2 connections, 1 silent disconnect noticed, 4\\.\\d s$`,
        ),
      );
      const heading = lines.filter((text) => !trade.test(text) && !text.startsWith('---'));
      expect(new Set(heading)).to.have.length(1);
      expect(out)
        .to.contain('?token=[redacted]')
        .and.not.match(/token=\w/);
    });

    it('exits with 1 when the stream had no time to go on', async () => {
      const { code, err } = await outcome('--seconds', '0.3');
      expect(code).to.equal(1);
      expect(err).to.contain('the stream did not go on after the stall');
    });

    for (const [signal, seconds, when] of [
      ['SIGINT', '20', /SMP/],
      ['SIGTERM', '20', /SMP/],
      ['SIGINT', '6', /the server stalls/],
    ] as const)
      it(`ends at once at ${signal}, with the summary, when it has printed ${when.source}`, async () => {
        const program = start('--seconds', seconds);
        await program.seen(when);
        const interrupted = Date.now();
        program.child.kill(signal);
        expect(await program.exited).to.equal(0);
        expect(Date.now() - interrupted).to.be.below(2_000);
        expect(program.out()).to.match(
          /--- \d+ trades? received, 1 connection, 0 silent disconnects noticed, \d+\.\d s\n$/,
        );
      });

    it('ends quietly when nobody reads any more', async () => {
      const program = start();
      await program.seen(/SMP/);
      program.child.stdout!.destroy();
      expect(await program.exited).to.equal(0);
      expect(program.err()).to.equal('');
    });
  });

  describe('with --url', () => {
    const serve = useServer();
    const query = ['--query', 'subscription Ticks($from: Int) { tick(from: $from) }'];

    it('prints each result as a line of JSON, and all else to the other output', async () => {
      const server = await serve({
        handle: ({ variables }) =>
          interval(5).pipe(
            map((n) => ({ data: { tick: n + Number(variables.from) } })),
            take(3),
          ),
      });
      const url = `${server.url}?token=s3cret`;
      const { code, out, err } = await outcome('--url', url, ...query, '--variables={"from":7}');
      expect(code).to.equal(0);
      const results = [7, 8, 9].map((tick) => `${JSON.stringify({ data: { tick } })}\n`);
      expect(out).to.equal(results.join(''));
      expect(err).to.match(
        /^connecting\nconnected, speaking graphql-transport-ws\n3 results received, 1 connection, 0 silent disconnects noticed, \d\.\d s\n$/,
      );
      expect(out + err).to.not.contain('s3cret');
      await server.ledger.until('closed', ({ code }) => code === 1000);
    });

    it('goes on over a drop, until --seconds', async () => {
      const server = await serve({
        handle: (_request, { peer }) => {
          if (peer.connection === 1) setTimeout(() => peer.drop(), 50);
          return concat(of({ data: { n: peer.connection } }), NEVER);
        },
      });
      const { code, out, err } = await outcome('--url', server.url, ...query, '--seconds', '2');
      expect(code).to.equal(0);
      expect(out).to.equal('{"data":{"n":1}}\n{"data":{"n":2}}\n');
      expect(err).to.match(
        /connection closed: 1006; retry 1 in \d+ ms\nconnecting, retry 1\nconnected/,
      );
      expect(err).to.match(/2 results received, 2 connections, .* 2\.\d s\n$/);
    });

    it('follows without end, until SIGINT', async () => {
      const server = await serve({
        subprotocols: ['graphql-ws'],
        handle: () => concat(of({ data: 1 }), NEVER),
      });
      const program = start('--url', server.url, ...query);
      await program.seen(/"data":1/);
      program.child.kill('SIGINT');
      expect(await program.exited).to.equal(0);
      await server.ledger.until('closed', ({ code }) => code === 1000);
      expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
        'connection_init',
        'start',
        'stop',
        'connection_terminate',
      ]);
    });

    it('neutralises control characters', async () => {
      const nasty = '\u001b[2J\u009b31m\u202e\u2028\u0007 ü €';
      const server = await serve({ handle: () => of({ data: nasty }) });
      const { code, out } = await outcome('--url', server.url, ...query);
      expect(code).to.equal(0);
      expect(out).to.match(/^[\x20-\x7eü€]+\n$/);
      expect(JSON.parse(out)).to.deep.equal({ data: nasty });
      const closing = await serve({
        handle: (_request, { peer }) => {
          peer.close(4403, '\u001b[2J');
          return NEVER;
        },
      });
      const { err } = await outcome('--url', closing.url, ...query);
      expect(err).to.match(/^[\x20-\x7e\n]+$/);
    });

    it('prints the typed error and exits with 1 when the stream fails', async () => {
      const server = await serve({ authorize: () => ({ status: 404 }) });
      const { code, out, err } = await outcome('--url', `${server.url}?token=s3cret`, ...query);
      expect([code, out]).to.deep.equal([1, '']);
      expect(err)
        .to.match(/^ConnectionError: .*404/m)
        .and.not.contain('s3cret');
    });

    it('prints an error of the operation and exits with 1', async () => {
      const server = await serve({
        handle: () => {
          throw new Error('no such field');
        },
      });
      const { code, err } = await outcome('--url', server.url, ...query);
      expect(code).to.equal(1);
      expect(err).to.match(/^OperationError: .*no such field$/m);
    });

    it('reports an endpoint that cannot be reached until the time is over, with exit code 1', async () => {
      const url = 'ws://127.0.0.1:1/graphql';
      const { code, err } = await outcome('--url', url, ...query, '--seconds', '1');
      expect(code).to.equal(1);
      expect(err).to.contain('ECONNREFUSED').and.contain('0 connections');
    });
  });

  it('explains itself with --help', async () => {
    const { code, out, err } = await outcome('--help');
    expect([code, err]).to.deep.equal([0, '']);
    for (const option of ['--url', '--query', '--variables', '--seconds', '--help'])
      expect(out).to.contain(option);
  });

  it('names a mistake and exits with 2', async () => {
    const { code, out, err } = await outcome('--sekonds', '4');
    expect([code, out]).to.deep.equal([2, '']);
    expect(err).to.match(/^.*'--sekonds'.*\n\nUsage:/);
  });
});
