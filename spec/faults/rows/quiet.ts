import { expect } from 'chai';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { holds } from '../holds.js';
import type { Row } from '../row.js';
import { endsOne, plays, tolerates } from './expectations.js';
import { faults } from './faults.js';

/** The operation never gets anything, and that is no reason to leave a connection that lives. */
const neverStarted = (id: string, name: string, server: GraphQLTestServerOptions): Row => ({
  id,
  name,
  server,
  ...plays(
    async ({ server: { ledger, neverStart, startOperations }, subscribe, victim, pause }) => {
      neverStart();
      victim.subscribe();
      await ledger.received(server.subprotocols ? 'start' : 'subscribe');
      await pause(2_000);
      expect([ledger.upgrades.length, victim.ends, victim.rows]).to.deep.equal([1, [], []]);
      startOperations();
      const other = subscribe('Other');
      expect(await holds(() => other.rows.length > 0)).to.equal(true);
      expect(ledger.upgrades).to.have.length(1);
    },
  ),
});

/** Section C: heartbeats, and operations of which nothing is heard. */
export const quiet: readonly Row[] = [
  {
    id: 'C24-pong',
    name: 'a pong that nobody asked for',
    ...faults.garbage('unsolicited-pong'),
    ...tolerates,
  },
  {
    id: 'C24-echo',
    name: 'a ping with a payload that is not ASCII',
    ...faults.garbage('ping-payload'),
    ...tolerates,
    check: ({ server: { ledger } }) =>
      expect(ledger.messages.filter(({ type }) => type === 'pong')).to.deep.include({
        type: 'pong',
        payload: { echo: 'é'.repeat(80) },
      }),
  },
  {
    id: 'C24-flood',
    name: '10 000 pings: no more than 100 pongs a second',
    fault: async ({ server, pause }) => {
      server.garble('ping-flood');
      await pause(1_000);
    },
    ...tolerates,
    check: ({ server: { ledger } }) =>
      expect(ledger.messages.filter(({ type }) => type === 'pong').length).to.be.within(50, 500),
  },
  neverStarted('C25-ping', 'pings, and nothing of the operation', {}),
  neverStarted('C26-ka', '`ka`, and nothing of the operation', { subprotocols: ['graphql-ws'] }),
  {
    id: 'C29-late',
    name: 'a result after the end of its operation, another one having begun',
    fault: async ({ server, subscribe, pause }) => {
      server.late('Victim');
      server.complete('Victim');
      subscribe('Another');
      await pause(100);
    },
    ...endsOne('completed'),
    check: ({ victim }) => expect(new Set(victim.rows).size).to.equal(victim.rows.length),
  },
];
