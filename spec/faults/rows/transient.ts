import { expect } from 'chai';
import type { Row } from '../row.js';
import type { Stage } from '../stage.js';
import { survives } from './expectations.js';
import { faults } from './faults.js';
import { onEveryStart } from './on-every-start.js';

const { dials, handshakes, garbage, bytes, close } = faults;

/** ms between the first two dials. */
const firstWait = ({ server }: Stage) => {
  const [first, second] = server.ledger.upgrades;
  return (second?.at ?? 0) - (first?.at ?? 0);
};

/** What a stream must outlive: the thirty by which clients are compared. */
export const transient: readonly Row[] = [
  {
    id: 'A4-no-answer',
    name: 'TCP is accepted, the upgrade is not answered',
    ...dials('no-answer', 2),
    ...survives,
  },
  { id: 'A6-reset', name: 'RST before the upgrade', ...dials('reset', 2), ...survives },
  { id: 'A9-503', name: 'HTTP 503', ...dials({ status: 503 }, 2), ...survives },
  {
    id: 'A9-429',
    name: 'HTTP 429, Retry-After: 1',
    ...dials({ status: 429, headers: { 'Retry-After': '1' } }),
    ...survives,
    check: (stage) => expect(firstWait(stage)).to.be.within(950, 5_000),
  },
  { id: 'A13-not-http', name: 'not HTTP', ...dials('not-http', 2), ...survives },
  {
    id: 'A2-down',
    also: ['E18'],
    name: 'the server is down for 3 s',
    fault: ({ server }) => server.restart(3_000),
    ...survives,
  },
  { id: 'B1-ack-never', name: 'the ack never comes', ...handshakes('ack-never', 2), ...survives },
  {
    id: 'C30-half-open',
    also: ['E1'],
    name: 'half-open; what was held back comes in the end',
    fault: ({ server }) => {
      server.halfOpen();
    },
    ...survives,
  },
  {
    id: 'C21-stall',
    name: 'a stall in the middle of a frame',
    ...bytes('stall-in-payload'),
    ...survives,
  },
  { id: 'D14-reset', name: 'RST', ...bytes('reset'), ...survives },
  { id: 'D14-fin', name: 'FIN without a close frame', ...bytes('fin'), ...survives },
  {
    id: 'C23-reserved',
    name: 'a frame with reserved bits',
    ...bytes('reserved-bits'),
    ...survives,
  },
  { id: 'C23-masked', name: 'a masked frame', ...bytes('masked'), ...survives },
  { id: 'C23-utf8', name: 'text that is not UTF-8', ...bytes('invalid-utf8'), ...survives },
  { id: 'C1-not-json', name: 'not JSON', ...garbage('not-json'), ...survives },
  { id: 'C2-unknown', name: 'an unknown type', ...garbage('type-unknown'), ...survives },
  {
    id: 'C6-proto',
    name: 'the ids `__proto__`, `constructor`, …',
    ...garbage('id-prototype'),
    ...survives,
  },
  { id: 'C1-null', name: 'the message `null`', ...garbage('null'), ...survives },
  {
    id: 'C8-null',
    name: 'a result whose payload is `null`: may end its own operation',
    ...garbage('payload-null'),
    expect: { kind: 'survives', victimMayFail: true },
  },
  { id: 'C4-type', name: 'a type of 80 × é', ...garbage('type-long'), ...survives },
  ...[1001, 1011, 1012, 1013, 1014].map((code): Row => ({
    id: `${code === 1011 ? 'D3' : 'D2'}-${code}`,
    name: `close ${code}`,
    ...close(code),
    ...survives,
  })),
  {
    id: 'D11-4403',
    also: ['B12', 'G1'],
    name: 'close 4403, and a fresh token',
    server: { tokens: { in: 'params' } },
    // never the same twice
    connectionParams: () => ({ token: `at ${performance.now()}` }),
    fault: ({ server }) => {
      server.expireToken();
    },
    ...survives,
  },
  { id: 'D11-4408', name: 'close 4408', ...close(4408), ...survives },
  { id: 'D9-4999', name: 'close 4999', ...close(4999), ...survives },
  {
    id: 'F5-throws',
    name: 'a consumer throws in `next`',
    reports: 1,
    fault: async ({ victim, pause }) => {
      victim.atNext(() => {
        throw new Error('db password=hunter2');
      });
      await pause(200);
    },
    ...survives,
  },
  {
    id: 'D1-flapping',
    name: 'for 4 s each socket is acknowledged, then closed with 1000',
    fault: async (stage) => {
      const end = onEveryStart(stage, () => stage.server.close(1000));
      stage.server.close(1000);
      await stage.pause(4_000);
      end();
    },
    ...survives,
    check: ({ server }) => expect(server.ledger.upgrades.length).to.be.at.most(3 + 6),
  },
];
