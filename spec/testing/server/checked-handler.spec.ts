import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import type { OperationHandler } from 'rx-graphql-ws/testing/server';
import { connect } from './raw-client.js';
import { useServer } from '../../helpers/use-server.js';

const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ a }' } };

describe('graphqlTestServer handle', () => {
  const serve = useServer();

  const wrong: [unknown, string][] = [
    [{ data: 1 }, 'object'],
    [undefined, 'undefined'],
    [null, 'null'],
    [1, 'number'],
    ['{ "data": 1 }', 'string'],
  ];
  for (const [answer, got] of wrong)
    it(`explains what it must return where it returns ${JSON.stringify(answer)}`, async () => {
      const server = await serve({ handle: (() => answer) as unknown as OperationHandler });
      const client = await connect(server.url);
      client.send(subscribe);
      const message = `expected \`handle\` to return an Observable, a promise or an iterable of results, such as \`of({ data })\`, got ${got}`;
      expect(await client.next()).to.deep.equal({ id: '1', type: 'error', payload: [{ message }] });
      expect(client.socket.readyState).to.equal(client.socket.OPEN);
      expect(server.ledger.operations).to.deep.equal([]);
    });

  for (const result of [undefined, null, 'text', 5])
    it(`explains what a result must be where it is ${JSON.stringify(result)}`, async () => {
      const server = await serve({ handle: (() => of(result)) as unknown as OperationHandler });
      const client = await connect(server.url);
      client.send(subscribe);
      const got = result === null ? 'null' : typeof result;
      const message = `expected each result of \`handle\` to be an object such as \`{ data }\`, got ${got}`;
      expect(await client.next()).to.deep.equal({ id: '1', type: 'error', payload: [{ message }] });
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
