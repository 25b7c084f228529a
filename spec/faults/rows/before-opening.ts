import { expect } from 'chai';
import type { Row } from '../row.js';
import { fails, survives } from './expectations.js';
import { faults } from './faults.js';

const { dials } = faults;
const always = Infinity;
const asked = () => ({ token: 'asked for' });

/** A name that does not resolve at the first dial. */
const unresolved = (code: string): Pick<Row, 'options'> => ({
  options: (server) => ({
    url: ({ attempt }) => (attempt === 0 ? 'ws://nowhere.invalid/graphql' : server.url),
    webSocketOptions: {
      lookup: (host: string, _options: unknown, done: (error: Error) => void) => {
        done(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code }));
      },
    },
  }),
});

const refused = (id: string, status: number, headers = {}): Row => ({
  id,
  name: `HTTP ${status}`,
  ...dials({ status, headers }, always),
  ...fails('ConnectionError', { status }),
});

/** Section A: what can go wrong before a WebSocket is open. */
export const beforeOpening: readonly Row[] = [
  { id: 'A1-nxdomain', name: 'a name that is not found', ...unresolved('ENOTFOUND'), ...survives },
  { id: 'A1-again', name: 'a resolver that fails', ...unresolved('EAI_AGAIN'), ...survives },
  {
    id: 'A2-refused',
    name: 'refused from the first dial on, for 1 s',
    before: ({ server }) => void server.restart(1_000),
    ...survives,
  },
  { id: 'A5-drip', name: 'a byte of an answer now and then', ...dials({ drip: 100 }), ...survives },
  { id: 'A6-end', name: 'FIN before the upgrade', ...dials('end'), ...survives },
  refused('A7-401', 401),
  refused('A7-403', 403),
  {
    id: 'A7-refreshed',
    also: ['G1'],
    name: 'HTTP 401 once, the credentials being a function',
    connectionParams: asked,
    ...dials({ status: 401 }),
    ...survives,
  },
  {
    id: 'A7-refused',
    name: 'HTTP 401 for ever, the credentials being a function',
    connectionParams: asked,
    ...dials({ status: 401 }, always),
    ...fails('ConnectionError', { status: 401 }, 2),
  },
  refused('A8-400', 400),
  refused('A8-404', 404),
  refused('A8-426', 426),
  {
    id: 'A9-date',
    name: 'HTTP 503, Retry-After: a date',
    before: ({ server }) => {
      const headers = { 'Retry-After': new Date(Date.now() + 3_000).toUTCString() };
      server.failDials({ status: 503, headers });
    },
    ...survives,
    check: ({ server: { ledger } }) =>
      expect(ledger.upgrades[1]!.at - ledger.upgrades[0]!.at).to.be.at.least(1_500),
  },
  {
    id: 'A10-5xx',
    name: 'HTTP 500, then 502, then 504',
    before: ({ server }) => {
      for (const status of [500, 502, 504]) server.failDials({ status });
    },
    ...survives,
  },
  {
    id: 'A11-portal',
    name: 'HTTP 200 with a page to log in',
    ...dials({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' }),
    ...survives,
  },
  refused('A12-302', 302, { Location: 'http://127.0.0.1:1/?token=hunter2' }),
  refused('A12-307', 307, { Location: '/graphql' }),
  ...(['huge-header', 'many-headers'] as const).map((fault): Row => ({
    id: `A14-${fault}`,
    name: fault,
    ...dials(fault),
    ...survives,
  })),
  ...(['wrong-accept', 'no-upgrade-header', 'unoffered-extension'] as const).map((fault): Row => ({
    id: `A15-${fault}`,
    name: fault,
    ...dials(fault),
    ...survives,
  })),
];
