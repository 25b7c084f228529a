import { expect } from 'chai';
import type { Row } from '../row.js';
import { fails, faults, row, survives } from './faults.js';

const { dials } = faults;
const always = Infinity;
const asked = () => ({ token: 'asked for' });

/** A name that does not resolve at the first dial. */
const unresolved = (code: string): Pick<Row, 'options'> => ({
  options: (server) => ({
    url: ({ attempt }) => (attempt === 0 ? 'ws://nowhere.invalid/graphql' : server.url),
    webSocketOptions: {
      lookup: (host: string, _options: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code })),
    },
  }),
});

const refused = (id: string, status: number, headers = {}, count = 1): Row =>
  row(
    id,
    `HTTP ${status}`,
    fails('ConnectionError', { status }, count),
    dials({ status, headers }, always),
  );

/** Section A: what can go wrong before a WebSocket is open. */
export const beforeOpening: readonly Row[] = [
  row('A1-nxdomain', 'a name that is not found', survives, unresolved('ENOTFOUND')),
  row('A1-again', 'a resolver that fails', survives, unresolved('EAI_AGAIN')),
  row('A2-refused', 'refused from the first dial on, for 1 s', survives, {
    before: ({ server }) => void server.restart(1_000),
  }),
  row('A5-drip', 'a byte of an answer now and then', survives, dials({ drip: 100 })),
  row('A6-end', 'FIN before the upgrade', survives, dials('end')),
  refused('A7-401', 401),
  refused('A7-403', 403),
  row(
    'A7-refreshed',
    'HTTP 401 once, the credentials being a function',
    survives,
    dials({ status: 401 }),
    { also: ['G1'], connectionParams: asked },
  ),
  row(
    'A7-refused',
    'HTTP 401 for ever, the credentials being a function',
    fails('ConnectionError', { status: 401 }, 2),
    dials({ status: 401 }, always),
    { connectionParams: asked },
  ),
  // a server that answers two names with 400 is asked for each of them
  refused('A8-400', 400, {}, 3),
  refused('A8-404', 404),
  refused('A8-426', 426),
  row('A9-date', 'HTTP 503, Retry-After: a date', survives, {
    before: ({ server }) => {
      const headers = { 'Retry-After': new Date(Date.now() + 3_000).toUTCString() };
      server.failDials({ status: 503, headers });
    },
    check: ({ server: { ledger } }) =>
      expect(ledger.upgrades[1]!.at - ledger.upgrades[0]!.at).to.be.at.least(1_500),
  }),
  row('A10-5xx', 'HTTP 500, then 502, then 504', survives, {
    before: ({ server }) => {
      for (const status of [500, 502, 504]) server.failDials({ status });
    },
  }),
  row(
    'A11-portal',
    'HTTP 200 with a page to log in',
    survives,
    dials({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' }),
  ),
  refused('A12-302', 302, { Location: 'http://127.0.0.1:1/?token=hunter2' }),
  refused('A12-307', 307, { Location: '/graphql' }),
  ...(['huge-header', 'many-headers'] as const).map((fault): Row =>
    row(`A14-${fault}`, fault, survives, dials(fault)),
  ),
  ...(['wrong-accept', 'no-upgrade-header', 'unoffered-extension'] as const).map((fault): Row =>
    row(`A15-${fault}`, fault, survives, dials(fault)),
  ),
];
