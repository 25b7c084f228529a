import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { runProgram } from '../helpers/run-program.js';

describe('a process that ends right behind close()', () => {
  const serve = useServer();

  it('has said goodbye: the operation is over for the server, and the socket closed with 1000', async function () {
    this.timeout(20_000);
    const server = await serve({ handle: () => concat(of({ data: { a: 1 } }), NEVER) });
    const closed = server.ledger.until('closed');
    const run = runProgram('spec/integration/exit.program.ts', [server.url]);
    expect(await run.exited, run.err()).to.equal(0);
    await closed;
    const { messages, closed: sockets } = server.ledger;
    expect(messages.map(({ type }) => type)).to.deep.equal([
      'connection_init',
      'subscribe',
      'complete',
    ]);
    expect(sockets.map(({ code }) => code)).to.deep.equal([1_000]);
  });
});
