import './dom.js';
import { gql } from '@apollo/client';
import { expect } from 'chai';
import { parse } from 'graphql';
import { afterEach, describe, it } from 'mocha';
import { requestSubscription, type GraphQLTaggedNode } from 'relay-runtime';
import { pipe, subscribe } from 'wonka';
import { eventually } from '../../helpers/eventually.js';
import { apolloClient } from '../examples/apollo.js';
import { graphiqlFetcher } from '../examples/graphiql.js';
import { relayEnvironment } from '../examples/relay.js';
import { urqlClient } from '../examples/urql.js';
import { tradeSubscription } from './relay-artifact.js';
import { tradesServer } from './trades-server.js';

const document = 'subscription Trade($id: ID!) { trade(id: $id) { id price } }';
const refused = 'subscription Refused { nothing }';

interface Followed {
  readonly prices: readonly number[];
  readonly error: unknown;
  leave(): void;
}

/** Each client follows the prices of a trade, and gives its own error of an operation that is refused. */
const clients: Record<string, (url: string) => (query: string) => Followed> = {
  'Apollo Client': (url) => {
    const client = apolloClient(url);
    return (query) => {
      const prices: number[] = [];
      const followed = { prices, error: undefined as unknown, leave: () => {} };
      const subscription = client
        .subscribe<{ trade: { price: number } }>({ query: gql(query), variables: { id: 'a' } })
        .subscribe(({ data, error }) => {
          if (data) prices.push(data.trade.price);
          followed.error = error;
        });
      followed.leave = () => {
        subscription.unsubscribe();
      };
      return followed;
    };
  },
  urql: (url) => {
    const client = urqlClient(url);
    return (query) => {
      const prices: number[] = [];
      const followed = { prices, error: undefined as unknown, leave: () => {} };
      const { unsubscribe } = pipe(
        client.subscription<{ trade: { price: number } }>(query, { id: 'a' }),
        subscribe(({ data, error }) => {
          if (data) prices.push(data.trade.price);
          followed.error = error;
        }),
      );
      followed.leave = unsubscribe;
      return followed;
    };
  },
  Relay: (url) => {
    const environment = relayEnvironment(url);
    return (query) => {
      const prices: number[] = [];
      const followed = { prices, error: undefined as unknown, leave: () => {} };
      const { dispose } = requestSubscription(environment, {
        subscription: tradeSubscription(query) as unknown as GraphQLTaggedNode,
        variables: { id: 'a' },
        onNext(data) {
          prices.push((data as { trade: { price: number } }).trade.price);
        },
        onError(error) {
          followed.error = error;
        },
      });
      followed.leave = dispose;
      return followed;
    };
  },
  GraphiQL: (url) => {
    const fetcher = graphiqlFetcher(url);
    return (query) => {
      const prices: number[] = [];
      const followed = { prices, error: undefined as unknown, leave: () => {} };
      const [, operationName] = /subscription (\w+)/.exec(query) ?? [];
      const follow = async () => {
        const results = (await fetcher(
          { query, operationName: operationName!, variables: { id: 'a' } },
          { documentAST: parse(query) },
        )) as AsyncIterableIterator<{ data?: { trade: { price: number } } }>;
        followed.leave = () => void results.return?.();
        for await (const { data } of results) if (data) prices.push(data.trade.price);
      };
      follow().catch((error: unknown) => (followed.error = error));
      return followed;
    };
  },
};

for (const [name, make] of Object.entries(clients))
  describe(`${name} on a socket object`, function () {
    this.timeout(20_000);
    const stops: (() => Promise<void>)[] = [];
    const setUp = async () => {
      const server = await tradesServer();
      stops.push(server.stop);
      return { server, follow: make(server.url) };
    };
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
    });
    const advance = async ({ prices }: Followed) => {
      const { length } = prices;
      await eventually(() => expect(prices).to.have.length.greaterThan(length + 2), 8_000);
    };

    it('follows a subscription, and tells the server when it leaves', async () => {
      const { server, follow } = await setUp();
      const followed = follow(document);
      await advance(followed);
      expect(server.operations).to.have.length(1);
      expect(server.operations[0]?.name).to.equal('Trade');
      followed.leave();
      await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
      expect(followed.error).to.equal(undefined);
    });

    it('goes on through a restart of the server', async () => {
      const { server, follow } = await setUp();
      const followed = follow(document);
      await advance(followed);
      await server.restart();
      await advance(followed);
      await server.restart();
      await advance(followed);
      expect(followed.error).to.equal(undefined);
      expect(server.dials).to.be.at.least(3);
      followed.leave();
      await eventually(() => expect(server.running.get('a')).to.equal(0), 5_000);
    });

    it('is told the errors of an operation that is refused', async () => {
      const rejected = takeRejections();
      const { follow } = await setUp();
      const followed = follow(refused);
      await eventually(() => expect(followed.error).to.not.equal(undefined), 5_000);
      const { errors, graphQLErrors } = followed.error as Refusal;
      expect(errors ?? graphQLErrors ?? followed.error)
        .to.be.an('array')
        .with.nested.property('[0].message')
        .that.includes('nothing');
      // GraphiQL's iterator rejects twice, and hands out one of the promises; with graphql-ws it does so, too
      expect(rejected()).to.deep.equal(name === 'GraphiQL' ? [followed.error] : []);
    });
  });

interface Refusal {
  readonly errors?: unknown;
  readonly graphQLErrors?: unknown;
}

/** Takes rejections that nobody handles away from mocha; the function returned gives them back, and tells what there was. */
function takeRejections(): () => unknown[] {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => void rejected.push(reason);
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  return () => {
    process.off('unhandledRejection', note);
    for (const listener of listeners) process.on('unhandledRejection', listener);
    return rejected;
  };
}
