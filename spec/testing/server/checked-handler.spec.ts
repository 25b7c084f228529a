import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import type { OperationHandler } from 'rx-graphql-ws/testing/server';
import { useServer } from '../../helpers/use-server.js';
import { connect, subscribe } from './raw-client.js';

describe('graphqlTestServer handle', () => {
  const serve = useServer();

  const toReturn =
    '`handle` to return an Observable, a promise or an iterable of results, such as `of({ data })`';
  const eachResult = 'each result of `handle` to be an object such as `{ data }`';
  for (const [answer, wanted, got] of [
    [{ data: 1 }, toReturn, 'object'],
    [undefined, toReturn, 'undefined'],
    [null, toReturn, 'null'],
    [1, toReturn, 'number'],
    ['{ "data": 1 }', toReturn, 'string'],
    [of(undefined), eachResult, 'undefined'],
    [of(null), eachResult, 'null'],
    [of('text'), eachResult, 'string'],
    [of(5), eachResult, 'number'],
  ] as const)
    it(`explains ${wanted}, where that is ${got}`, async () => {
      const server = await serve({ handle: (() => answer) as unknown as OperationHandler });
      const client = await connect(server.url);
      client.send(subscribe);
      const message = `expected ${wanted}, got ${got}`;
      expect(await client.next()).to.deep.equal({ id: '1', type: 'error', payload: [{ message }] });
      expect(client.socket.readyState).to.equal(client.socket.OPEN);
      expect(server.ledger.operations).to.deep.equal([]);
    });

  const right: Record<string, ReturnType<OperationHandler>> = {
    'an Observable': of({ data: 1 }),
    'a promise': Promise.resolve({ data: 1 }),
    'an array': [{ data: 1 }],
    'a set': new Set([{ data: 1 }]),
    'an asynchronous iterable': (async function* () {
      yield await Promise.resolve({ data: 1 });
    })(),
  };
  for (const [name, answer] of Object.entries(right))
    it(`returns ${name}`, async () => {
      const client = await connect((await serve({ handle: () => answer })).url);
      client.send(subscribe);
      expect(await client.next()).to.deep.equal({ id: '1', type: 'next', payload: { data: 1 } });
    });
});
