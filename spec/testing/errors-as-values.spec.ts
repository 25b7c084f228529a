import { expect } from 'chai';
import { GraphQLError } from 'graphql';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import type { GraphQLFormattedError, OperationError } from 'rx-graphql-ws';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { useServer } from '../helpers/use-server.js';
import { dial } from './fake-test.js';
import { connect } from './server/raw-client.js';

const extensions = { code: 'LOST' };
const path = ['a', 0];
const locations = [{ line: 1, column: 2 }];
const errors: readonly GraphQLFormattedError[] = [
  new Error('lost'),
  Object.assign(new TypeError('odd'), { extensions, path, locations, secret: 1 }),
  new GraphQLError('bad', { extensions, path }),
  { message: 'plain', extensions },
];
const told = [
  { message: 'lost' },
  { message: 'odd', locations, path, extensions },
  { message: 'bad', path, extensions },
  { message: 'plain', extensions },
];

describe('errors that are Errors', () => {
  const serve = useServer();

  it('are sent as what they are by fakeSocket', () => {
    const { fake, socket, heard } = dial({}, ['graphql-transport-ws']);
    fake.open();
    socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}');
    fake.result(1, { data: null, errors });
    fake.error('1', errors);
    expect(heard.slice(1).map(([, , text]) => JSON.parse(text as string) as unknown)).to.deep.equal(
      [
        { type: 'next', id: '1', payload: { data: null, errors: told } },
        { type: 'error', id: '1', payload: told },
      ],
    );
  });

  it('do not keep fakeSocket from sending what is no list of errors', () => {
    const { fake, socket, heard } = dial({}, ['graphql-transport-ws']);
    fake.open();
    socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}');
    fake.result(1, { errors: 'x' });
    fake.result(1, []);
    fake.error(1, null as unknown as []);
    expect(heard.slice(1).map(([, , text]) => JSON.parse(text as string) as unknown)).to.deep.equal(
      [
        { type: 'next', id: '1', payload: { errors: 'x' } },
        { type: 'next', id: '1', payload: [] },
        { type: 'error', id: '1', payload: null },
      ],
    );
  });

  it('reach the unit from the controller', () => {
    const controller = new GraphQLSocketTestingController({ retry: false });
    const seen: unknown[] = [];
    const ask = () => {
      controller.query$('{ a }').subscribe({
        error: (error: OperationError) => seen.push(error.errors),
      });
      return controller.expectOne('{ a }');
    };
    ask().error(errors);
    ask().result({ errors });
    expect(seen).to.deep.equal([told, told]);
    controller.close();
  });

  it('are sent as what they are by the test server', async () => {
    const server = await serve({ handle: () => concat(of({ data: null, errors }), NEVER) });
    const client = await connect(server.url);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ a }' } });
    expect((await client.next()).payload).to.deep.equal({ data: null, errors: told });
  });

  it('leave the values of the test as they were', () => {
    const { fake, socket } = dial({}, ['graphql-transport-ws']);
    fake.open();
    socket.send('{"type":"subscribe","id":"1","payload":{"query":"{ a }"}}');
    const result = Object.freeze({ data: null, errors: Object.freeze([new Error('lost')]) });
    fake.result(1, result);
    expect(result.errors[0]).to.be.an('error');
  });
});
