import { expect } from 'chai';
import { describe } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { recover, type RecoverOptions } from 'rx-graphql-ws/recovery';
import {
  gap,
  GraphQLSocketTestingController,
  marbleSocket,
  type MarbleSocket,
  type TestOperation,
} from 'rx-graphql-ws/testing';
import { map, type Observable } from 'rxjs';
import { cold, expectObservable, helpers, record, test } from '../helpers/test.js';
import { fails } from './marble-test.js';

interface Row {
  readonly id: number;
}
interface Data {
  readonly rows: readonly Row[];
}
interface After {
  readonly after?: number;
}
type Options = RecoverOptions<Data, After, Row>;

const query = 'subscription Rows($after: Int) { rows(after: $after) { id } }';
const data = (...ids: number[]): Data => ({ rows: ids.map((id) => ({ id })) });
const row = (id: number): Row => ({ id });
const rows = ({ rows }: Data) => rows;
const resume = ({ id }: Row): After => ({ after: id });

/** The letters of scripts, and of expectations. */
const scripted = { b: { data: data(1) }, c: { data: data(2, 3) } };
const expected = { b: row(1), c: row(2), d: row(3), e: row(4) };

function recovered(server: MarbleSocket, options: Options) {
  const socket = graphqlSocket({
    url: 'ws://server',
    webSocketImpl: server,
    retry: { delay: 10 },
  });
  return recover<Data, After, Row>(socket, { query }, { rows, ...options });
}

const variablesOf = ({ operations$ }: MarbleSocket): Observable<unknown> =>
  operations$.pipe(map(({ request }) => request.variables));

describe('recover over marbleSocket', () => {
  for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
    test(`resumes behind the last row, as the variables of each send show, over ${subprotocol}`, () => {
      const values = { ...scripted, s: { open: subprotocol } };
      const server = marbleSocket(helpers(), ['sa-b-x', 'sa-c'], values);
      const row$ = recovered(server, { resume });
      expectObservable(row$, '^ 30ms !').toBe('---b 14ms (cd)', expected);
      const sent = { s: undefined, t: { after: 1 } };
      expectObservable(variablesOf(server), '^ 30ms !').toBe('-s 14ms t', sent);
    });

  test('is told in the message of a failure what was sent again', () => {
    const message = fails((own) => {
      const server = marbleSocket(own, ['oa-b-x', 'oa-c'], scripted);
      own.expectObservable(recovered(server, { resume }), '^ 30ms !').toBe('---b', expected);
    });
    expect(message).to.contain(
      'attempt 2, dialled at 15 ms: connection_init, subscribe {"after":1}',
    );
  });
});

describe('recover over the testing controller', () => {
  /** Expects the next send of the operation, and gives it with its variables. */
  const next = (controller: GraphQLSocketTestingController): TestOperation<Data> =>
    controller.expectOne<Data>('Rows');
  const start = (options: Options) => {
    const controller = new GraphQLSocketTestingController();
    const stream = record(recover<Data, After, Row>(controller, { query }, { rows, ...options }));
    return { controller, stream };
  };
  const loseConnection = (controller: GraphQLSocketTestingController) => {
    controller.disconnect();
    controller.reconnect();
  };

  test('resumes behind the last row, as the variables of each send show', () => {
    const { controller, stream } = start({ resume });
    const first = next(controller);
    expect(first.request.variables).to.deep.equal({});
    first.next(data(1));
    loseConnection(controller);
    const again = controller.expectOne<Data>({ operationName: 'Rows', variables: { after: 1 } });
    again.next(data(2, 3));
    expect(stream.values).to.deep.equal([row(1), row(2), row(3)]);
    stream.unsubscribe();
    again.expectUnsubscribed();
    controller.verify();
  });

  test('shows a gap for what cannot be recovered, in marbles', () => {
    const controller = new GraphQLSocketTestingController();
    const row$ = recover<Data, After, Row>(controller, { query }, { rows });
    cold('-a').subscribe(() => next(controller).next(data(1)));
    cold('---a').subscribe(() => controller.disconnect());
    cold('-----a').subscribe(() => controller.reconnect());
    cold('-------a').subscribe(() => next(controller).next(data(4)));
    const values = { ...expected, g: gap({ since: 1, until: 5 }) };
    expectObservable(row$, '^--------!').toBe('-b---g-e', values);
  });
});
