import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { record } from '../helpers/parity/record.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { runProgram } from '../helpers/run-program.js';

describe('a drop between open and ack, by a server of the current protocol alone', () => {
  const serve = useServer();
  const connect = useSocket();

  for (const dropAt of [1, 2])
    it(`is a drop, whatever the server says of the legacy offer: at connection ${dropAt}`, async function () {
      // a fourth dial must wait for its turn
      this.timeout(6_000);
      let inits = 0;
      const server = await serve({
        subprotocols: ['graphql-transport-ws'],
        fallback: false,
        handle: () => concat(of({ data: { a: 1 } }), NEVER),
        connect() {
          inits += 1;
          if (inits === dropAt) server.drop();
          return true;
        },
      });
      const socket = connect({ url: server.url, retry: { delay: 10 } });
      const states = record(socket.status$);
      const seen = record(socket.subscribe$('subscription { a }'));
      if (dropAt === 2) {
        await eventually(() => expect(seen.values).to.have.lengthOf(1));
        server.drop();
      }
      await eventually(() => expect(seen.values).to.have.lengthOf(dropAt), 4_000);
      expect(seen.outcome).to.equal('running');
      const named = states.values.map(({ state }) => state);
      expect(named).to.include('waiting').and.not.include('failed');
    });
});

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
