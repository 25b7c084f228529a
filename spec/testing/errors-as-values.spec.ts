import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import type { OperationError } from 'rx-graphql-ws';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { useServer } from '../helpers/use-server.js';
import { connect } from './server/raw-client.js';

const errors = [new Error('lost')];
const told = [{ message: 'lost' }];

describe('an Error among the errors of a result', () => {
  const serve = useServer();

  it('reaches the unit from the controller with its message', () => {
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

  it('reaches the client from the test server with its message', async () => {
    const server = await serve({ handle: () => concat(of({ data: null, errors }), NEVER) });
    const client = await connect(server.url);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ a }' } });
    expect((await client.next()).payload).to.deep.equal({ data: null, errors: told });
  });
});
