import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom, NEVER, startWith, toArray } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS } from 'rx-graphql-ws';
import { failureOf } from '../../helpers/failure-of.js';
import { continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { tappedWebSocket } from '../../helpers/parity/tapped-web-socket.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: gaps, connections that end', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);
  const forEver = () => NEVER.pipe(startWith({ data: { number: 1 } }));
  const reconnecting = { retry: { delay: 0 } };

  for (const code of [4400, 4401, 4403, 4429]) {
    it(`X17 ${code} from the server is an error with code and reason`, async () => {
      const { server, socket } = await start({ handle: forEver });
      const seen = record(numbers$(socket, 1));
      await server.ledger.until('started');
      server.close(code, 'because');
      await seen.ended;
      expect(seen.error).to.include({ name: 'ConnectionClosedError', code, reason: 'because' });
      expect(seen.error).to.include({ wasClean: true });
    });
  }

  for (const code of [4401, 4403, 4429]) {
    it(`X17 ${code} is not retried`, async () => {
      const { server, socket } = await start({ handle: forEver }, reconnecting);
      const seen = record(numbers$(socket, 1));
      await server.ledger.until('started');
      server.close(code, 'because');
      await seen.ended;
      expect(seen.error).to.include({ name: 'ConnectionClosedError', code });
      expect(await stateOf(socket)).to.equal('failed');
      await delay(20);
      expect(server.ledger.upgrades).to.have.length(1);
    });
  }

  it('X18 1000 in the middle of an operation is an error', async () => {
    const { server, socket } = await start({ handle: forEver });
    const seen = record(numbers$(socket, 1));
    await server.ledger.until('started');
    server.close(1000);
    await seen.ended;
    expect(seen.error).to.include({ name: 'ConnectionClosedError', code: 1000 });
  });

  it('X18 1000 in the middle of an operation is retried like any loss', async () => {
    const { server, socket } = await start({ handle: forEver }, reconnecting);
    const seen = record(numbers$(socket, 1));
    await server.ledger.until('started');
    server.close(1000);
    await server.ledger.until('started', undefined, 2);
    expect(seen.outcome).to.equal('running');
    seen.unsubscribe();
  });

  it('X24 a server that cannot be reached is an error', async () => {
    const { server, socket } = await start({});
    await server.stop();
    const error = await failureOf(socket.connection$, 'ConnectionError');
    expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    expect(await stateOf(socket)).to.equal('failed');
  });

  for (const [what, connectionParams, dials] of [
    ['constant ones are final', { token: 'old' }, 1],
    ['those of a function are asked for once more', () => ({ token: 'old' }), 2],
  ] as const) {
    it(`X25 credentials that are refused are an error, whatever the retries: ${what}`, async () => {
      const { server, socket } = await start(
        { connect: () => ({ reject: 'Invalid token', reason: 'Invalid token' }) },
        { ...reconnecting, connectionParams },
      );
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionClosedError');
      expect(error).to.include({ code: 4403, reason: 'Invalid token' });
      await delay(20);
      expect(server.ledger.upgrades).to.have.length(dials);
    });
  }

  it('X26 cancelling while the ack is awaited closes the socket, and another try works', async () => {
    let acknowledging = false;
    const { server, socket } = await start({
      connect: () => (acknowledging ? true : NEVER),
      handle: countdown(1),
    });
    const given = record(numbers$(socket, 3));
    await server.ledger.received('connection_init');
    given.unsubscribe();
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(await stateOf(socket)).to.equal('idle');
    acknowledging = true;
    const numbers = await lastValueFrom(numbers$(socket, 3).pipe(toArray()));
    expect(numbers).to.deep.equal(numbersFrom(3));
    const subscribes = server.ledger.messages.filter(({ type }) => type === 'subscribe');
    expect(subscribes).to.have.length(1);
  });

  it('X27 close() while connecting gives the dial up', async () => {
    const { webSocketImpl, made } = tappedWebSocket();
    const { server, socket } = await start({ authorize: () => NEVER }, { webSocketImpl });
    const subscription = record(numbers$(socket, 3));
    const query = record(socket.query$(continentsQuery));
    await server.ledger.until('upgrade');
    socket.close();
    expect(subscription.outcome).to.equal('completed');
    expect(query.error).to.have.property('name', 'SocketDisposedError');
    expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
    await delay(20);
    expect(made.map(({ readyState }) => readyState)).to.deep.equal([3]);
    expect(server.ledger.opened).to.have.length(0);
  });
});
