import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { reliableClient } from '../../lib/demo/ours.js';
import { eventually } from '../helpers/eventually.js';
import { useServer } from '../helpers/use-server.js';

describe('the client of the demo that is ours', function () {
  this.timeout(10_000);
  this.slow(5_000);
  const serve = useServer();

  /** The client on a server, and everything that it told. */
  async function follow(options: GraphQLTestServerOptions) {
    const server = await serve({ subprotocols: ['graphql-ws'], ...options });
    const told: { states: string[]; gaps: boolean[]; blocks: number[] } = {
      ...{ states: [], gaps: [], blocks: [] },
    };
    const client = reliableClient({
      ...{ url: server.url, token: () => 'one', pace: 1 },
      trade: ({ block }) => told.blocks.push(block),
      state: (_isConnected, text) => told.states.push(text),
      gap: (_id, isOpen) => told.gaps.push(isOpen),
    });
    return { server, told, client };
  }
  const feed = (every: number) => ({
    ...{ every, field: 'trades', row: (block: number) => ({ block }) },
    number: ({ block }: { readonly block: number }) => block,
  });

  it('shows a gap that cannot be filled', async () => {
    const { server, told, client } = await follow({
      feed: feed(20),
      backfill: { authorize: () => ({ status: 404 }) },
    });
    await eventually(() => expect(told.blocks).to.have.length.above(2));
    await server.restart(500);
    await eventually(() => expect(told.gaps).to.include(true), 5_000);
    client.close();
  });

  it('has nothing to ask for while it has no trade', async () => {
    const { server, told, client } = await follow({ feed: feed(3_000) });
    await server.ledger.until('started');
    server.drop();
    await eventually(() => expect(told.gaps).to.deep.equal([false, true]), 5_000);
    expect(server.ledger.requests).to.deep.equal([]);
    client.close();
  });

  it('tells why its stream has failed', async () => {
    const { told, client } = await follow({
      handle: () => {
        throw new Error('no such field');
      },
    });
    await eventually(() => expect(told.states.join()).to.contain('no such field'));
    client.close();
  });
});
