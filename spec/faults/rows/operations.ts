import { expect } from 'chai';
import type { Row } from '../row.js';
import { holds, openConnections } from '../holds.js';
import { faults, play, row, survives } from './faults.js';

const query = 'subscription Mine { rows { number } }';

/** Section F: operations, and the life of the socket object. */
export const operations: readonly Row[] = [
  {
    ...play(
      'F9-linger',
      'the last subscriber leaves, and another comes within `linger`',
      async ({ server: { ledger }, victim, neighbour, pause }) => {
        victim.subscribe();
        expect(await holds(() => victim.rows.length > 0)).to.equal(true);
        victim.unsubscribe();
        await pause(100);
        neighbour.subscribe();
        expect(await holds(() => neighbour.rows.length > 0)).to.equal(true);
        expect(ledger.upgrades).to.have.length(1);
        neighbour.unsubscribe();
        await ledger.until('closed', ({ code }) => code === 1000);
        expect(await holds(() => openConnections() === 0, 1_000)).to.equal(true);
      },
    ),
    options: () => ({ linger: 200 }),
  },
  play(
    'F12-mutation',
    'a mutation and a query are under way when the connection is lost',
    async ({ server, socket, victim }) => {
      server.neverStart();
      const ends: unknown[] = [];
      socket.mutate$('mutation Buy { buy }').subscribe({ error: (error) => ends.push(error) });
      socket
        .query$('query Price { rows { number } }')
        .subscribe({ error: (error) => ends.push(error) });
      await server.ledger.received('subscribe', 2);
      server.drop();
      victim.subscribe();
      await server.ledger.received('subscribe', 4);
      expect(ends).to.have.length(1);
      expect(ends[0]).to.include({ name: 'ConnectionLostError' });
      const sent = server.ledger.messages.map(({ payload }) => JSON.stringify(payload ?? null));
      const times = (name: string) => sent.filter((each) => each.includes(name)).length;
      expect([times('Buy'), times('Price'), times('Victim')]).to.deep.equal([1, 2, 1]);
    },
  ),
  play(
    'F13-variables',
    'variables are a function, asked for every send',
    async ({ server, socket }) => {
      let asked = 0;
      const variables = () => ({ asked: (asked += 1) });
      socket.subscribe$({ query, variables }).subscribe();
      await server.ledger.until('started');
      server.drop();
      const { request } = await server.ledger.until('started', undefined, 2);
      expect(request.variables).to.deep.equal({ asked: 2 });
    },
  ),
  play(
    'F14-bigint',
    'variables that cannot be serialised',
    async ({ server, socket, neighbour }) => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      const unserialisable = [
        { n: 1n },
        cycle,
        {
          toJSON: () => {
            throw new Error('no');
          },
        },
      ];
      const ends: unknown[] = [];
      neighbour.subscribe();
      for (const variables of unserialisable)
        socket.subscribe$({ query, variables }).subscribe({ error: (error) => ends.push(error) });
      expect(await holds(() => ends.length === 3 && neighbour.rows.length > 2)).to.equal(true);
      for (const end of ends)
        expect(end).to.include({ name: 'ConfigurationError', option: 'variables' });
      expect(server.ledger.counts.started).to.equal(1);
    },
  ),
  play(
    'F17-idle',
    'nobody subscribes any more: nothing keeps the process from ending',
    async ({ victim }) => {
      victim.subscribe();
      expect(await holds(() => victim.rows.length > 0)).to.equal(true);
      victim.unsubscribe();
      const idle = () =>
        openConnections() === 0 && !process.getActiveResourcesInfo().includes('Timeout');
      // the deadline of `holds` itself is a timer: looked at from between its turns
      expect(
        await new Promise((resolve) => setTimeout(() => setImmediate(() => resolve(idle())), 400)),
      ).to.equal(true);
    },
  ),
  play(
    'F18-dialling',
    'close() while dialling, twice',
    async ({ server, socket, victim, pause }) => {
      server.failDials('no-answer');
      victim.subscribe();
      await server.ledger.until('upgrade');
      socket.close();
      socket.close();
      expect(await holds(() => openConnections() === 0, 1_000)).to.equal(true);
      await pause(200);
      expect(victim.ends).to.deep.equal(['completed']);
      expect(server.ledger.upgrades).to.have.length(1);
    },
  ),
  play('F18-next', 'close() within `next`', async ({ server, socket, victim, neighbour }) => {
    victim.subscribe();
    neighbour.subscribe();
    victim.atNext(() => socket.close());
    expect(await holds(() => victim.ends.length > 0 && neighbour.ends.length > 0)).to.equal(true);
    expect([victim.ends, neighbour.ends]).to.deep.equal([['completed'], ['completed']]);
    expect(victim.rows).to.have.length(1);
    await server.ledger.until('closed', ({ code }) => code === 1000);
  }),
  row('F7-negative', 'retry.delay gives -1', survives, faults.close(1012), {
    options: () => ({ retry: { delay: () => -1 } }),
  }),
];
