import { expect } from 'chai';
import { describe, it } from 'mocha';
import { interval, map, take } from 'rxjs';
import { runProgram } from '../helpers/run-program.js';
import { useServer } from '../helpers/use-server.js';

const lines = (text: string) => text.trimEnd().split('\n');

describe('docs/examples', function () {
  this.timeout(60_000);
  this.slow(10_000);
  const serve = useServer();

  describe('bitquery-trades', () => {
    const example = 'docs/examples/bitquery-trades.ts';

    it('prints trades until its time is over, then closes the socket', async () => {
      const Trade = { Dex: { ProtocolName: 'clmm' } };
      const server = await serve({
        subprotocols: ['graphql-ws'],
        authorize: ({ url }) => url === '/graphql?token=t0ken',
        handle: () =>
          interval(100).pipe(map(() => ({ data: { Solana: { DEXTrades: [{ Trade }] } } }))),
        ignoreStop: true,
        keepAlive: 100,
      });
      const program = runProgram(example, [server.url, '2'], { BITQUERY_TOKEN: 't0ken' });
      expect(await program.exited).to.equal(0);
      const trades = lines(program.out()).filter((line) => line.startsWith('{'));
      expect(trades).to.have.length.within(1, 20);
      expect(JSON.parse(trades[0]!)).to.deep.equal({ Solana: { DEXTrades: [{ Trade }] } });
      expect(
        lines(program.out()).filter((line) => !line.startsWith('{')),
      ).to.include.ordered.members(['idle', 'connecting', 'connected', 'stopped']);
      expect(program.err()).to.equal('');
      await server.ledger.until('closed', ({ code }) => code === 1000);
      expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
        'connection_init',
        'start',
        'stop',
        'connection_terminate',
      ]);
      expect(server.ledger.opened).to.have.length(1);
    });

    it('fails without a token', async () => {
      const program = runProgram(example, [], { BITQUERY_TOKEN: undefined });
      expect(await program.exited).to.equal(1);
      expect(program.err()).to.match(/ConfigurationError: expected `token` to be a token/);
    });

    it('fails with a token that is refused', async () => {
      const server = await serve({ authorize: () => false });
      const program = runProgram(example, [server.url, '5'], { BITQUERY_TOKEN: 't0ken' });
      expect(await program.exited).to.equal(1);
      expect(program.err()).to.match(/ConnectionError: .*401 Bitquery refused the token/);
    });
  });

  describe('countdown-until', () => {
    const example = 'docs/examples/countdown-until.ts';
    const countdown = (ms: number, last: number) => (count: number) =>
      interval(ms).pipe(
        take(last),
        map((n) => ({ data: { countdown: { number: count - n } } })),
      );

    it('prints numbers until its time is over, then ends the operation and closes the socket', async () => {
      const server = await serve({
        handle: ({ variables }) => countdown(100, Infinity)(Number(variables.count)),
      });
      const program = runProgram(example, [server.url, '2']);
      expect(await program.exited).to.equal(0);
      const numbers = lines(program.out());
      expect(numbers.pop()).to.equal('done');
      expect(numbers).to.have.length.within(1, 20);
      expect(numbers).to.deep.equal(numbers.map((_, n) => String(1_000 - n)));
      expect(program.err()).to.equal('');
      await server.ledger.until('closed', ({ code }) => code === 1000);
      expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
        'connection_init',
        'subscribe',
        'complete',
      ]);
      expect(server.ledger.operations).to.deep.equal([]);
    });

    it('ends with the server, before its time', async () => {
      const server = await serve({
        handle: ({ variables }) => countdown(1, 3)(Number(variables.count)),
      });
      const program = runProgram(example, [server.url]);
      expect(await program.exited).to.equal(0);
      expect(lines(program.out())).to.deep.equal(['1000', '999', '998', 'done']);
      await server.ledger.until('closed', ({ code }) => code === 1000);
      expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
        'connection_init',
        'subscribe',
      ]);
    });

    it('fails with the error of the operation', async () => {
      const server = await serve();
      const program = runProgram(example, [server.url]);
      expect(await program.exited).to.equal(1);
      expect(program.err()).to.contain('OperationError');
    });
  });
});
