import { expect } from 'chai';
import { map, timer } from 'rxjs';
import { holds, openConnections } from '../holds.js';
import type { Row } from '../row.js';
import { play } from './faults.js';

/** Section A: subscribers who leave before a WebSocket is open. */
export const leaving: readonly Row[] = [
  ...(['no-answer', 'drip', 'tls-stall'] as const).map((fault): Row => ({
    ...play(
      `A28-${fault}`,
      `unsubscribed while dialling: ${fault}`,
      async ({ server, subscribe, pause }) => {
        server.failDials(fault === 'drip' ? { drip: 50 } : fault);
        const heard = subscribe('Victim');
        expect(await holds(() => openConnections() > 0)).to.equal(true);
        await pause(100);
        heard.unsubscribe();
        expect(await holds(() => openConnections() === 0, 1_000), 'released').to.equal(true);
        expect(heard.ends).to.deep.equal([]);
      },
    ),
    also: ['F1'],
    server: fault === 'tls-stall' ? { tls: 'self-signed' } : {},
    options: () => ({ connectTimeout: 10_000 }),
  })),
  {
    ...play(
      'A29-again',
      'unsubscribed and subscribed again while connecting',
      async ({ server: { ledger }, victim, neighbour, pause }) => {
        victim.subscribe();
        await ledger.until('upgrade');
        await pause(50);
        victim.unsubscribe();
        neighbour.subscribe();
        expect(await holds(() => neighbour.rows.length > 0)).to.equal(true);
        expect(ledger.upgrades).to.have.length(1);
        expect(ledger.messages.map(({ type }) => type)).to.deep.equal([
          'connection_init',
          'subscribe',
        ]);
      },
    ),
    server: { authorize: () => timer(200).pipe(map(() => true)) },
  },
];
