import { expect } from 'chai';
import { retry, take } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { holds, openConnections } from '../holds.js';
import type { Row } from '../row.js';
import { fails, faults, play, row, survives } from './faults.js';

const query = 'subscription Mine { rows { number } }';
const text = 'db password=hunter2';
const throwing = () => {
  throw new Error(text);
};

/** Section F: what consumers do. */
export const consumers: readonly Row[] = [
  {
    ...play(
      'F1-ack',
      'unsubscribed while the ack is awaited',
      async ({ server: { ledger }, victim }) => {
        victim.subscribe();
        await ledger.received('connection_init');
        victim.unsubscribe();
        await ledger.until('closed');
        expect(await holds(() => openConnections() === 0, 1_000)).to.equal(true);
        expect(ledger.messages.map(({ type }) => type)).to.deep.equal(['connection_init']);
      },
    ),
    server: { ackDelay: false },
  },
  {
    ...play('F1-backoff', 'unsubscribed in backoff', async ({ server, victim, pause }) => {
      server.failDials({ status: 503 });
      victim.subscribe();
      await server.ledger.until('upgrade');
      await pause(100);
      victim.unsubscribe();
      await pause(600);
      expect(server.ledger.upgrades).to.have.length(1);
      expect(openConnections()).to.equal(0);
    }),
    options: () => ({ retry: { delay: 300 } }),
  },
  {
    ...play(
      'F2-within',
      'unsubscribed in `next`, with more in the same segment',
      async ({ server, victim, neighbour, pause }) => {
        victim.subscribe();
        neighbour.subscribe();
        expect(await holds(() => victim.rows.length > 0 && neighbour.rows.length > 0)).to.equal(
          true,
        );
        const { id } = server.ledger.operations[0]!;
        victim.atNext(victim.unsubscribe);
        const had = victim.rows.length;
        const next = { type: 'next', id, payload: { data: { rows: [{ number: -1 }] } } };
        server.send(next, next, { type: 'complete', id });
        await pause(150);
        expect(victim.rows).to.have.length(had + 1);
        expect(victim.ends).to.deep.equal([]);
        const stops = server.ledger.messages.filter(({ type }) => type === 'complete');
        expect(stops).to.deep.equal([{ id, type: 'complete' }]);
        expect(neighbour.ends).to.deep.equal([]);
      },
    ),
    also: ['F4'],
  },
  play(
    'F3-within',
    'subscribed in `next`, in `error`, in `complete`',
    async ({ server, socket, victim, subscribe }) => {
      const begun: ReturnType<typeof subscribe>[] = [];
      const begin = () => begun.push(subscribe(`Begun${begun.length}`));
      victim.subscribe();
      victim.atNext(begin);
      socket.subscribe$(query).pipe(take(1)).subscribe({ complete: begin });
      socket.subscribe$('subscription Failing { rows }').subscribe({ error: begin });
      expect(await holds(() => server.ledger.operations.length >= 4)).to.equal(true);
      server.fail('Failing');
      const all = () => begun.length === 3 && begun.every(({ rows }) => rows.length > 1);
      expect(await holds(all), 'all begun').to.equal(true);
      expect(server.ledger.upgrades).to.have.length(1);
    },
  ),
  row(
    'F6-throws',
    'consumers throw in `error`, `complete`, and at `status$` and `events$`',
    survives,
    {
      reports: 4,
      fault: async ({ server, socket, pause }) => {
        socket.status$.pipe(take(1)).subscribe(throwing);
        socket.events$.pipe(take(1)).subscribe(throwing);
        socket.subscribe$('subscription Failing { rows }').subscribe({ error: throwing });
        socket.subscribe$('subscription Ending { rows }').subscribe({ complete: throwing });
        expect(await holds(() => server.ledger.operations.length === 4)).to.equal(true);
        server.fail('Failing');
        server.complete('Ending');
        await pause(100);
      },
    },
  ),
  row(
    'F7-nan',
    'retry.delay gives NaN',
    fails('ConfigurationError', { option: 'retry.delay' }),
    faults.close(1012),
    { options: () => ({ retry: { delay: () => Number.NaN } }) },
  ),
  ...(['delay', 'shouldRetry'] as const).map((option): Row =>
    row(
      `F6-${option}`,
      `retry.${option} throws`,
      fails('ConfigurationError', { option: `retry.${option}` }),
      faults.close(1012),
      {
        options: () => ({
          retry: {
            [option]: () => {
              throw new Error('thrown by the user');
            },
          },
        }),
      },
    ),
  ),
  play('F10-retry', 'retry() around a fatal end, for 4 s', async ({ server, socket, pause }) => {
    server.failDials({ status: 404 }, Infinity);
    const again$ = socket.subscribe$(query).pipe(retry());
    again$.subscribe();
    again$.subscribe();
    await pause(4_000);
    expect(server.ledger.upgrades.length).to.be.within(2, 8);
  }),
  play('F19-two', 'two socket objects before one server', async ({ server, victim }) => {
    const other = graphqlSocket({ url: server.url });
    const rows: unknown[] = [];
    victim.subscribe();
    const subscription = other.subscribe$(query).subscribe((data) => rows.push(data));
    expect(await holds(() => rows.length > 2 && victim.rows.length > 2)).to.equal(true);
    victim.unsubscribe();
    const had = rows.length;
    expect(await holds(() => rows.length > had + 2)).to.equal(true);
    subscription.unsubscribe();
    expect(server.ledger.upgrades).to.have.length(2);
  }),
];
