import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphqlSocket } from 'rx-graphql-ws';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { interval, lastValueFrom, map, take, toArray } from 'rxjs';

test('a subscription survives a dropped connection', async () => {
  const server = await graphqlTestServer({
    handle: () => interval(10).pipe(map((price) => ({ data: { price } }))),
  });
  const socket = graphqlSocket({ url: server.url, retry: { delay: 10 } });
  const prices$ = socket.subscribe$('subscription { price }').pipe(take(6), toArray());

  server.script().at(50).drop();
  const prices = await lastValueFrom(prices$);

  assert.equal(prices.length, 6);
  assert.equal(server.ledger.opened.length, 2);
  await server.stop();
});
