import './dom.js';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { toGraphQLWsClient } from 'rx-graphql-ws/graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { useSocket } from '../../helpers/use-socket.js';
import { apolloClient } from '../examples/apollo.js';
import { tradesServer } from './trades-server.js';

interface Data {
  readonly trade: { readonly id: string; readonly price: number };
}

describe('Apollo Client on a socket object, with its cache', function () {
  this.timeout(20_000);
  const connect = useSocket();
  const stops: (() => Promise<void>)[] = [];
  const setUp = async () => {
    const server = await tradesServer();
    stops.push(server.stop);
    return server;
  };
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  it('sends __typename, and a subscription updates what a query has read, through a restart', async () => {
    const server = await setUp();
    const client = apolloClient(server.url);
    const variables = { id: 'a' };
    const seen: number[] = [];
    const query = gql`
      query Trade($id: ID!) {
        trade(id: $id) {
          id
          price
        }
      }
    `;
    const watched = client
      .watchQuery<Data>({ query, variables })
      .subscribe(({ data }) => void seen.push((data as Data | undefined)?.trade.price ?? 0));
    await eventually(() => expect(client.cache.extract()).to.have.property('Trade:a'), 5_000);
    const feed = client
      .subscribe<Data>({
        query: gql`
          subscription Trade($id: ID!) {
            trade(id: $id) {
              id
              price
            }
          }
        `,
        variables,
      })
      .subscribe(() => undefined);
    const advance = async () => {
      const { length } = seen;
      await eventually(() => expect(seen).to.have.length.greaterThan(length + 3), 8_000);
    };
    await advance();
    await server.restart();
    await advance();
    expect(server.operations[0]?.query).to.include('__typename');
    expect(client.cache.extract()).to.have.nested.property('Trade:a.price').that.is.a('number');
    feed.unsubscribe();
    watched.unsubscribe();
    await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
  });

  it('gets an Error for a mutation that was under way when the server restarted, and the server ran it once', async () => {
    const server = await setUp();
    const link = new GraphQLWsLink(toGraphQLWsClient(connect({ url: server.url })));
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const mutation = gql`
      mutation {
        slow(ms: 5000)
      }
    `;
    const failed = client.mutate({ mutation }).catch((error: unknown) => error);
    await eventually(() => expect(server.mutations).to.equal(1), 5_000);
    await server.restart();
    expect(await failed).to.include({ name: 'ConnectionLostError' });
    const { data } = await client.query<Data>({
      query: gql`
        {
          trade(id: "b") {
            id
          }
        }
      `,
    });
    expect(data?.trade.id).to.equal('b');
    expect(server.mutations).to.equal(1);
  });
});
