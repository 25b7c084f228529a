import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { config, fromEvent, lastValueFrom, takeUntil, tap } from 'rxjs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: the consumer ends it, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);

  describe('a consumer that throws', () => {
    const { onUnhandledError } = config;
    afterEach(() => {
      config.onUnhandledError = onUnhandledError;
    });

    it('AS13 its error is reported unchanged, and nothing else happens', async () => {
      const reported: unknown[] = [];
      config.onUnhandledError = (error) => reported.push(error);
      const thrown = new Error('from the consumer');
      const { server, socket } = await start({ handle: countdown(2) });
      const other = record(numbers$(socket, 10));
      const received: number[] = [];
      const ended = new Promise<void>((resolve) => {
        numbers$(socket, 10).subscribe({
          next: (number) => {
            received.push(number);
            if (number === 5) throw thrown;
          },
          complete: resolve,
        });
      });
      await Promise.all([ended, other.ended]);
      expect(reported).to.have.length(1);
      expect(reported[0]).to.equal(thrown);
      expect([received, other.values]).to.deep.equal([numbersFrom(10), numbersFrom(10)]);
      expect((await server.ledger.until('closed')).code).to.equal(1000);
    });
  });

  it('AS15 an interrupt ends it properly: connection_terminate is the last that the server hears', async () => {
    // Stands in for `process` and its SIGINT, which the test runner listens to.
    const program = new EventEmitter();
    const { server, socket } = await start({ handle: countdown(5) });
    const interrupted$ = numbers$(socket, 10).pipe(
      tap((number) => {
        if (number === 6) program.emit('SIGINT');
      }),
      takeUntil(fromEvent(program, 'SIGINT')),
    );
    const seen = record(interrupted$);
    await seen.ended;
    expect(seen.values).to.deep.equal([10, 9, 8, 7]);
    const closed = await server.ledger.until('closed');
    expect(closed.code).to.equal(1000);
    expect(server.ledger.frames.map(({ frame }) => frame).slice(2)).to.deep.equal([
      '{"type":"stop","id":"1"}',
      '{"type":"connection_terminate"}',
    ]);
    socket.close();
    expect(await lastValueFrom(socket.status$)).to.include({ state: 'closed' });
  });
});
