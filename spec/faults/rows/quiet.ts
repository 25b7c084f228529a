import { expect } from 'chai';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { holds } from '../holds.js';
import type { Row } from '../row.js';
import { endsOne, faults, play, row, tolerates } from './faults.js';

/** The operation never gets anything, and that is no reason to leave a connection that lives. */
const neverStarted = (id: string, name: string, server: GraphQLTestServerOptions): Row => ({
  ...play(
    id,
    name,
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
  server,
});

/** Section C: heartbeats, and operations of which nothing is heard. */
export const quiet: readonly Row[] = [
  row('C24-pong', 'a pong that nobody asked for', tolerates, faults.garbage('unsolicited-pong')),
  row(
    'C24-echo',
    'a ping with a payload that is not ASCII',
    tolerates,
    faults.garbage('ping-payload'),
    {
      check: ({ server: { ledger } }) =>
        expect(ledger.messages.filter(({ type }) => type === 'pong')).to.deep.include({
          type: 'pong',
          payload: { echo: 'é'.repeat(80) },
        }),
    },
  ),
  row('C24-flood', '10 000 pings: no more than 100 pongs a second', tolerates, {
    fault: async ({ server, pause }) => {
      server.garble('ping-flood');
      await pause(1_000);
    },
    check: ({ server: { ledger } }) =>
      expect(ledger.messages.filter(({ type }) => type === 'pong').length).to.be.within(50, 500),
  }),
  neverStarted('C25-ping', 'pings, and nothing of the operation', {}),
  neverStarted('C26-ka', '`ka`, and nothing of the operation', { subprotocols: ['graphql-ws'] }),
  row(
    'C29-late',
    'a result after the end of its operation, another one having begun',
    endsOne('completed'),
    {
      fault: async ({ server, subscribe, pause }) => {
        server.late('Victim');
        server.complete('Victim');
        subscribe('Another');
        await pause(100);
      },
      check: ({ victim }) => expect(new Set(victim.rows).size).to.equal(victim.rows.length),
    },
  ),
];
