import { expect } from 'chai';
import type { Row } from '../row.js';
import type { Stage } from '../stage.js';
import { faults, onEveryStart, row, survives } from './faults.js';

const { dials, handshakes, garbage, bytes, close } = faults;

/** ms between the first two dials. */
const firstWait = ({ server }: Stage) => {
  const [first, second] = server.ledger.upgrades;
  return (second?.at ?? 0) - (first?.at ?? 0);
};

/** What a stream must outlive: the thirty by which clients are compared. */
export const transient: readonly Row[] = [
  row(
    'A4-no-answer',
    'TCP is accepted, the upgrade is not answered',
    survives,
    dials('no-answer', 2),
  ),
  row('A6-reset', 'RST before the upgrade', survives, dials('reset', 2)),
  row('A9-503', 'HTTP 503', survives, dials({ status: 503 }, 2)),
  row(
    'A9-429',
    'HTTP 429, Retry-After: 1',
    survives,
    dials({ status: 429, headers: { 'Retry-After': '1' } }),
    { check: (stage) => expect(firstWait(stage)).to.be.within(950, 5_000) },
  ),
  row('A13-not-http', 'not HTTP', survives, dials('not-http', 2)),
  row('A2-down', 'the server is down for 3 s', survives, {
    also: ['E18'],
    fault: ({ server }) => server.restart(3_000),
  }),
  row('B1-ack-never', 'the ack never comes', survives, handshakes('ack-never', 2)),
  row('C30-half-open', 'half-open; what was held back comes in the end', survives, {
    also: ['E1'],
    fault: ({ server }) => server.halfOpen(),
  }),
  row('C21-stall', 'a stall in the middle of a frame', survives, bytes('stall-in-payload')),
  row('D14-reset', 'RST', survives, bytes('reset')),
  row('D14-fin', 'FIN without a close frame', survives, bytes('fin')),
  row('C23-reserved', 'a frame with reserved bits', survives, bytes('reserved-bits')),
  row('C23-masked', 'a masked frame', survives, bytes('masked')),
  row('C23-utf8', 'text that is not UTF-8', survives, bytes('invalid-utf8')),
  row('C1-not-json', 'not JSON', survives, garbage('not-json')),
  row('C2-unknown', 'an unknown type', survives, garbage('type-unknown')),
  row('C6-proto', 'the ids `__proto__`, `constructor`, …', survives, garbage('id-prototype')),
  row('C1-null', 'the message `null`', survives, garbage('null')),
  {
    id: 'C8-null',
    name: 'a result whose payload is `null`: may end its own operation',
    ...garbage('payload-null'),
    expect: { kind: 'survives', victimMayFail: true },
  },
  row('C4-type', 'a type of 80 × é', survives, garbage('type-long')),
  ...[1001, 1011, 1012, 1013, 1014].map((code): Row =>
    row(`${code === 1011 ? 'D3' : 'D2'}-${code}`, `close ${code}`, survives, close(code)),
  ),
  row('D11-4403', 'close 4403, and a fresh token', survives, {
    also: ['B12', 'G1'],
    server: { tokens: { in: 'params' } },
    // never the same twice
    connectionParams: () => ({ token: `at ${performance.now()}` }),
    fault: ({ server }) => server.expireToken(),
  }),
  row('D11-4408', 'close 4408', survives, close(4408)),
  row('D9-4999', 'close 4999', survives, close(4999)),
  row('F5-throws', 'a consumer throws in `next`', survives, {
    reports: 1,
    fault: async ({ victim, pause }) => {
      victim.atNext(() => {
        throw new Error('db password=hunter2');
      });
      await pause(200);
    },
  }),
  row('D1-flapping', 'for 4 s each socket is acknowledged, then closed with 1000', survives, {
    fault: async (stage) => {
      const end = onEveryStart(stage, () => stage.server.close(1000));
      stage.server.close(1000);
      await stage.pause(4_000);
      end();
    },
    check: ({ server }) => expect(server.ledger.upgrades.length).to.be.at.most(3 + 6),
  }),
];
