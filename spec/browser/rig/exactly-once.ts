import { expect } from 'chai';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import type { Report } from './page/report.js';

/** No row twice, none out of order, the subscription alive, and on the server one operation alone, on its newest socket. Returns the rows missed. */
export async function exactlyOnce(
  server: GraphQLTestServer,
  { numbers, ended }: Report,
): Promise<readonly number[]> {
  const { duplicate, outOfOrder, missing } = server.truth.compare(numbers);
  expect({ duplicate, outOfOrder, ended }).to.deep.equal({
    duplicate: [],
    outOfOrder: [],
    ended: undefined,
  });
  await eventually(() => {
    const { operations, counts, sockets } = server.ledger;
    expect(operations.map(({ connection }) => connection)).to.deep.equal([counts.opened]);
    expect(sockets.map(({ connection }) => connection)).to.deep.equal([counts.opened]);
  }, 3_000);
  return missing;
}
