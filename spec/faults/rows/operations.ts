import { expect } from 'chai';
import type { Row } from '../row.js';
import { holds } from '../holds.js';
import { openConnections } from '../open-connections.js';
import { plays, survives } from './expectations.js';
import { faults } from './faults.js';

const query = 'subscription Mine { rows { number } }';

/** Section F: operations, and the life of the socket object. */
export const operations: readonly Row[] = [
  {
    id: 'F9-linger',
    name: 'the last subscriber leaves, and another comes within `linger`',
    options: () => ({ linger: 200 }),
    ...plays(async ({ server: { ledger }, victim, neighbour, pause }) => {
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
    }),
  },
  {
    id: 'F12-mutation',
    name: 'a mutation and a query are under way when the connection is lost',
    ...plays(async ({ server, socket, victim }) => {
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
    }),
  },
  {
    id: 'F13-variables',
    name: 'variables are a function, asked for every send',
    ...plays(async ({ server, socket }) => {
      let asked = 0;
      const variables = () => ({ asked: (asked += 1) });
      socket.subscribe$({ query, variables }).subscribe();
      await server.ledger.until('started');
      server.drop();
      const { request } = await server.ledger.until('started', undefined, 2);
      expect(request.variables).to.deep.equal({ asked: 2 });
    }),
  },
  {
    id: 'F14-bigint',
    name: 'variables that cannot be serialised',
    ...plays(async ({ server, socket, neighbour }) => {
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
    }),
  },
  {
    id: 'F17-idle',
    name: 'nobody subscribes any more: nothing keeps the process from ending',
    ...plays(async ({ victim }) => {
      victim.subscribe();
      expect(await holds(() => victim.rows.length > 0)).to.equal(true);
      victim.unsubscribe();
      const idle = () =>
        openConnections() === 0 && !process.getActiveResourcesInfo().includes('Timeout');
      // the deadline of `holds` itself is a timer: looked at from between its turns
      expect(
        await new Promise((resolve) => setTimeout(() => setImmediate(() => resolve(idle())), 400)),
      ).to.equal(true);
    }),
  },
  {
    id: 'F18-dialling',
    name: 'close() while dialling, twice',
    ...plays(async ({ server, socket, victim, pause }) => {
      server.failDials('no-answer');
      victim.subscribe();
      await server.ledger.until('upgrade');
      socket.close();
      socket.close();
      expect(await holds(() => openConnections() === 0, 1_000)).to.equal(true);
      await pause(200);
      expect(victim.ends).to.deep.equal(['completed']);
      expect(server.ledger.upgrades).to.have.length(1);
    }),
  },
  {
    id: 'F18-next',
    name: 'close() within `next`',
    ...plays(async ({ server, socket, victim, neighbour }) => {
      victim.subscribe();
      neighbour.subscribe();
      victim.atNext(() => socket.close());
      expect(await holds(() => victim.ends.length > 0 && neighbour.ends.length > 0)).to.equal(true);
      expect([victim.ends, neighbour.ends]).to.deep.equal([['completed'], ['completed']]);
      expect(victim.rows).to.have.length(1);
      await server.ledger.until('closed', ({ code }) => code === 1000);
    }),
  },
  {
    id: 'F7-negative',
    name: 'retry.delay gives -1',
    options: () => ({ retry: { delay: () => -1 } }),
    ...faults.close(1012),
    ...survives,
  },
];
