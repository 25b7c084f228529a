import { expect } from 'chai';
import type { GraphQLTestServerOptions, TokenOptions } from 'rx-graphql-ws/testing/server';
import type { Row } from '../row.js';
import type { Stage } from '../stage.js';
import { holds } from '../holds.js';
import { fails, play, row, survives } from './faults.js';

// never the same twice
const fresh = () => ({ token: `at ${performance.now()}` });

const expiring = (
  id: string,
  name: string,
  tokens: TokenOptions,
  more: Partial<Row> & { readonly server?: GraphQLTestServerOptions } = {},
): Row =>
  row(id, name, survives, {
    connectionParams: fresh,
    fault: ({ server }) => server.expireToken(),
    ...more,
    server: { tokens, ...more.server },
  });

const refusedFromNowOn = ({ server }: Stage) => {
  server.reject({ message: 'no' }, { code: 4403 });
  server.close(4403);
};

/** Section G: tokens. */
export const tokens: readonly Row[] = [
  expiring('G1-4401', 'a token expires: close 4401', { in: 'params', closeCode: 4401 }),
  expiring(
    'G1-url',
    'a token in the URL expires: close 4403',
    { in: 'url' },
    {
      connectionParams: {},
      options: ({ url }) => ({ url: () => `${url}?token=${performance.now()}` }),
    },
  ),
  expiring(
    'G1-legacy',
    'a token expires, on the legacy protocol',
    { in: 'params' },
    { server: { subprotocols: ['graphql-ws'] } },
  ),
  expiring(
    'G1-twice',
    'a token expires, and the next one later',
    { in: 'params' },
    {
      fault: async ({ server, victim, pause }) => {
        server.expireToken();
        const had = victim.rows.length;
        await holds(() => victim.rows.length > had + 3);
        await pause(500);
        server.expireToken();
      },
    },
  ),
  row(
    'G1-refused',
    'the fresh token is refused too',
    fails('ConnectionClosedError', { code: 4403 }, 2),
    { connectionParams: fresh, fault: refusedFromNowOn },
  ),
  twenty(),
  expiring(
    'G4-same',
    'the function gives the same token again',
    { in: 'params' },
    { connectionParams: () => ({ token: 'the same' }), ...fails('ConnectionClosedError', {}, 2) },
  ),
];

/** One function for all of them: it is asked once for each dial. */
function twenty(): Row {
  let asked = 0;
  return {
    ...play(
      'G3-twenty',
      'a token expires under 20 subscriptions: one call for it',
      async ({ server, subscribe }) => {
        const all = Array.from({ length: 20 }, (_, n) => subscribe(`Each${n}`));
        const flow = (more: number) => all.every(({ rows }) => rows.length > more);
        expect(await holds(() => flow(0))).to.equal(true);
        server.expireToken();
        const most = Math.max(...all.map(({ rows }) => rows.length));
        expect(await holds(() => flow(most + 3))).to.equal(true);
        expect(asked).to.equal(2);
        expect(server.ledger.upgrades).to.have.length(2);
      },
    ),
    server: { tokens: { in: 'params' } },
    connectionParams: () => {
      asked += 1;
      return fresh();
    },
  };
}
